using Cake.Frosting;

namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

[Collection("Working directory")]
public sealed class TaskTests
{
    [Fact]
    public void Tasks_run_once_each_after_what_they_depend_on()
    {
        var run = BuildRun.Of(host => host.With<Deploy>().With<Firewall>().With<Group>().With<Template>(), "--target=deploy-all");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Firewall", "Group", "Template"], run.Journal.Order());
        Assert.True(run.Journal.IndexOf("Template") < run.Journal.IndexOf("Group"));
    }

    [Fact]
    public void Without_a_target_the_task_Default_runs()
    {
        var run = BuildRun.Of(host => host.With<Default>().With<Template>());

        Assert.Equal(["Default"], run.Journal);
    }

    [Fact]
    public void Several_targets_run_and_what_they_share_runs_once()
    {
        var run = BuildRun.Of(host => host.With<Group>().With<Template>().With<Firewall>().With<Deploy>(), "--target=Firewall", "--target=Group", "-t", "Template");

        Assert.Equal(["Firewall", "Group", "Template"], run.Journal.Order());
    }

    [Fact]
    public void A_task_that_should_not_run_is_reported_as_skipped_and_the_build_goes_on()
    {
        var run = BuildRun.Of(host => host.With<AfterUnwanted>().With<Unwanted>(), "--target=AfterUnwanted");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["AfterUnwanted"], run.Journal);
        Assert.Contains("Skipped", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_task_ends_the_build_with_1_and_its_message_and_without_a_stack_trace()
    {
        var run = BuildRun.Of(host => host.With<AfterFailing>().With<Failing>(), "--target=AfterFailing");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["finally"], run.Journal);
        Assert.Contains("Error: the zone is out of machines", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnostic_verbosity_adds_the_stack_trace()
    {
        var run = BuildRun.Of(host => host.With<Failing>(), "--target=Failing", "--verbosity=diagnostic");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("at " + typeof(Failing).FullName, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_OnError_takes_does_not_end_the_build()
    {
        var run = BuildRun.Of(host => host.With<AfterForgiving>().With<Forgiving>(), "--target=AfterForgiving");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["forgiven", "AfterForgiving"], run.Journal);
    }

    [Fact]
    public void ContinueOnError_lets_the_build_go_on()
    {
        var run = BuildRun.Of(host => host.With<AfterCareless>().With<Careless>(), "--target=AfterCareless");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["AfterCareless"], run.Journal);
    }

    [Fact]
    public void A_dependency_on_something_that_is_no_task_is_named()
    {
        var run = BuildRun.Of(host => host.With<DependsOnNoTask>(), "--target=DependsOnNoTask");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The dependency 'DateTime' is not a valid task.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_that_nothing_can_install_ends_the_build_before_any_task()
    {
        var run = BuildRun.Of(host => host.InstallTool(new Uri("floppy:?package=lint")).With<Default>());

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Journal);
        Assert.Contains("floppy", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_of_another_context_is_left_out_with_a_warning()
    {
        var run = BuildRun.Of(host => host.With<Default>().With<OfOtherContext>(), "--target=Default");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Task cannot be used since the context isn't convertible to " + typeof(OtherContext).FullName, run.Output, StringComparison.Ordinal);
    }
}
