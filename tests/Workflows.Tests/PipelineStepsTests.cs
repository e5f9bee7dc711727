using System.Text.Json.Nodes;
using PrimeDeploy.Reporting.Tests;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>The pipelines as Azure's agent executes them, on a local cloud with simulated machines.</summary>
[Collection(Steps.OneAtATime)]
public sealed class PipelineStepsTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["primedeploy.project"] = "my-project",
        ["primedeploy.serviceAccount"] = "primedeploy@my-project.iam.gserviceaccount.com",
        ["primedeploy.workloadIdentityProvider"] = "projects/4711/locations/global/workloadIdentityPools/primedeploy/providers/azure",
    };

    [BashFact]
    public async Task Deploy_plans_deploys_and_takes_down_and_the_run_shows_it()
    {
        await using var agent = new Agent(Variables);
        Task RunAsync(string action) => agent.RunAsync("deploy.yml", new Dictionary<string, string> { ["action"] = action, ["cloud"] = "local" });

        await RunAsync("plan");
        Assert.False(agent.Failed, agent.Log);
        Assert.DoesNotContain("##[group]Deploy", agent.Log, StringComparison.Ordinal);

        await RunAsync("deploy");
        Assert.False(agent.Failed, agent.Log);
        Assert.Contains("##[group]Verify", agent.Log, StringComparison.Ordinal);
        Assert.Equal(agent.Log.Split("##[group]").Length, agent.Log.Split("##[endgroup]").Length);
        Assert.Matches(@"^http://127\.\d+\.\d+\.\d+/$", agent.Output("frontend_url"));
        var progress = agent.Commands.Where(command => command.Name == "task.setprogress").Select(command => int.Parse(command.Properties.Split("value=")[1].TrimEnd(';'))).ToList();
        Assert.Equal(100, progress[^1]);
        Assert.Equal(progress.Order(), progress);

        await RunAsync("teardown");
        Assert.False(agent.Failed, agent.Log);
        Assert.DoesNotContain("##vso[task.logissue", agent.Log, StringComparison.Ordinal);
        // The page is the one that GitHub shows.
        Golden.Equal(SteadySummary.Of(agent.Summary), "deploy.yml.md");
    }

    [BashFact]
    public async Task A_deployment_that_cannot_be_is_an_error_of_the_run_and_of_its_file()
    {
        await using var agent = new Agent(Variables);
        await agent.RunAsync("deploy.yml", new Dictionary<string, string> { ["action"] = "deploy", ["cloud"] = "local", ["zone"] = "atlantis", ["size"] = "0" });

        Assert.True(agent.Failed);
        var (_, properties, message) = Assert.Single(agent.Commands, command => command.Name == "task.logissue");
        Assert.Contains("type=error", properties, StringComparison.Ordinal);
        Assert.Contains("sourcepath=cake.config", properties, StringComparison.Ordinal);
        Assert.Contains("atlantis", message, StringComparison.Ordinal);
        // One line of the log is one command: the lines of the message are one.
        Assert.Contains("%0A", message, StringComparison.Ordinal);
        Assert.Contains("--size", message, StringComparison.Ordinal);
    }

    [BashFact]
    public async Task The_nightly_teardown_signs_in_with_files_that_only_the_agent_reads_and_hides_its_token()
    {
        await using var agent = new Agent(Variables);
        await agent.RunAsync("teardown.yml", new Dictionary<string, string>());

        Assert.False(agent.Failed, agent.Log);
        var folder = new DirectoryInfo(agent.Shell.Environment["AGENT_TEMPDIRECTORY"]).EnumerateDirectories().Single();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, folder.UnixFileMode);
        var credentials = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "credentials.json")))!;
        Assert.Equal($"//iam.googleapis.com/{Variables["primedeploy.workloadIdentityProvider"]}", (string)credentials["audience"]!);
        Assert.Contains(Variables["primedeploy.serviceAccount"], (string)credentials["service_account_impersonation_url"]!, StringComparison.Ordinal);
        Assert.Equal(Agent.IdToken, File.ReadAllText((string)credentials["credential_source"]!["file"]!));

        var hidden = Assert.Single(agent.Commands, command => command.Message == Agent.IdToken);
        Assert.Contains("issecret=true", hidden.Properties, StringComparison.OrdinalIgnoreCase);
        Assert.Single(agent.Log.Split('\n'), line => line.Contains(Agent.IdToken, StringComparison.Ordinal));
    }
}
