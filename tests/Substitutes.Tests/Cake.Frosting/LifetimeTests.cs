using Cake.Frosting;

namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

[Collection("Working directory")]
public sealed class LifetimeTests
{
    [Fact]
    public void Setup_knows_the_target_and_all_that_will_run_and_everything_comes_in_order()
    {
        var run = BuildRun.Of(
            host => host.UseLifetime<SampleLifetime>().UseTaskLifetime<SampleTaskLifetime>().With<Group>().With<Template>(),
            "--target=Group");

        Assert.Equal(
            ["setup of Group: Template Group", "before Template", "Template", "after Template", "before Group", "Group", "after Group", "teardown"],
            run.Journal);
    }

    [Fact]
    public void Teardown_comes_after_a_failure_too_and_knows_it()
    {
        var run = BuildRun.Of(
            host => host.UseLifetime<SampleLifetime>().UseTaskLifetime<SampleTaskLifetime>().With<Failing>(),
            "--target=Failing");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            ["setup of Failing: Failing", "before Failing", "finally", "after Failing", "teardown after: the zone is out of machines"],
            run.Journal);
    }

    [Fact]
    public void A_dry_run_calls_the_setup_but_no_task()
    {
        var run = BuildRun.Of(host => host.UseLifetime<SampleLifetime>().With<Group>().With<Template>(), "--target=Group", "--dryrun");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["setup of Group: Template Group", "teardown"], run.Journal);
        Assert.Contains("1. Template\n2. Group\n", run.Output, StringComparison.Ordinal);
    }
}
