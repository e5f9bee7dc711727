using Cake.Frosting;

namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

[Collection("Working directory")]
public sealed class CommandLineTests
{
    [Fact]
    public void Arguments_that_Cake_does_not_know_and_the_target_reach_the_tasks()
    {
        var run = BuildRun.Of(host => host.With<Settings>(), "--target=Settings", "--zone=europe-west1-b", "--flag");

        Assert.Equal(["zone=europe-west1-b", "flag=True", "target=Settings"], run.Journal.Take(3));
    }

    [Fact]
    public void The_configuration_takes_code_then_environment_then_file_then_argument()
    {
        string[] keys = ["environment", "file", "argument"];
        foreach (var key in keys)
            Environment.SetEnvironmentVariable("CAKE_FROSTINGTESTS_" + key.ToUpperInvariant(), "environment");
        try
        {
            var run = BuildRun.Of(
                "[FrostingTests]\nFile=file\nArgument=file\n",
                host =>
                {
                    foreach (var key in keys.Append("coded"))
                        host.UseCakeSetting("FrostingTests_" + key, "coded");
                    host.With<Settings>();
                },
                "--target=Settings",
                "--zone=any",
                "--frostingtests_argument=argument");

            Assert.Equal(["coded=coded", "environment=environment", "file=file", "argument=argument"], run.Journal.Skip(3));
        }
        finally
        {
            foreach (var key in keys)
                Environment.SetEnvironmentVariable("CAKE_FROSTINGTESTS_" + key.ToUpperInvariant(), null);
        }
    }

    [Fact]
    public void An_unknown_target_is_named_and_ends_the_build_with_1()
    {
        var run = BuildRun.Of(host => host.With<Template>(), "--target=Tempalte");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The target 'Tempalte' was not found.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_working_directory_that_does_not_exist_is_named()
    {
        var run = BuildRun.Of(host => host.With<Default>(), "--working=/no/such/directory");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Journal);
        Assert.Contains("The working directory '/no/such/directory' does not exist.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tree_shows_what_depends_on_what_and_runs_nothing()
    {
        var run = BuildRun.Of(host => host.With<Deploy>().With<Group>().With<Template>(), "--tree");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Journal);
        Assert.Contains("deploy-all\n└─Group\n   └─Template\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_description_lists_the_tasks_and_runs_nothing()
    {
        var run = BuildRun.Of(host => host.With<Group>().With<Template>(), "--description");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Journal);
        Assert.Matches(@"Template\s+What machines are made of", run.Output);
    }

    [Fact]
    public void Exclusive_runs_the_target_without_its_dependencies()
    {
        var run = BuildRun.Of(host => host.With<Group>().With<Template>(), "--target=Group", "--exclusive");

        Assert.Equal(["Group"], run.Journal);
    }

    [Fact]
    public void Verbosity_comes_from_the_configuration_unless_the_command_line_says_it()
    {
        static void Configure(CakeHost host) => host.UseCakeSetting("Settings_Verbosity", "diagnostic").With<Default>();

        Assert.Contains("Registering task: Default", BuildRun.Of(Configure).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Registering task", BuildRun.Of(Configure, "--verbosity=normal").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_lists_every_task_unless_it_is_not_wanted()
    {
        Assert.Matches(@"Template\s+00:00:0\S+\s+Succeeded", BuildRun.Of(host => host.With<Template>(), "--target=Template").Output);
        Assert.DoesNotContain("Succeeded", BuildRun.Of(host => host.With<Template>(), "--target=Template", "--no-report").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_line_that_cannot_be_read_runs_nothing()
    {
        var run = BuildRun.Of(host => host.With<Default>(), "--target");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(run.Journal);
    }
}
