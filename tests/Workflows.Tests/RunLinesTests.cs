using System.Text.RegularExpressions;
using PrimeDeploy.Reporting.Tests;
using PrimeDeploy.Reporting.Tests.GitHub;
using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>The workflows as GitHub's runner executes them, on a local cloud with simulated machines, told to a GitHub of ours.</summary>
[Collection(Steps.OneAtATime)]
public sealed class RunLinesTests : JobTests
{
    [BashFact]
    public async Task Deploy_plans_deploys_and_takes_down_and_GitHub_is_told()
    {
        await using var runner = NewRunner();
        var job = Job("deploy.yml", "run");

        await runner.RunAsync(job, Inputs("plan"));
        Assert.False(runner.Failed, runner.Log);
        Assert.Contains("### Plan", runner.Summary, StringComparison.Ordinal);
        Assert.Empty(GitHub.Deployments);

        await runner.RunAsync(job, Inputs("deploy"));
        Assert.False(runner.Failed, runner.Log);
        Assert.Contains("::group::Verify", runner.Log, StringComparison.Ordinal);
        Assert.Contains("::endgroup::", runner.Log, StringComparison.Ordinal);
        Assert.Matches(@"^http://127\.\d+\.\d+\.\d+/$", runner.Value("steps.run.outputs.frontend-url"));
        Assert.Equal("local/lab", (string)GitHub.Deployments.Single()["environment"]!);
        Assert.Equal(GitHub.Deployments.Single()["id"]!.ToString(), runner.Value("steps.run.outputs.deployment-id"));
        Assert.Equal(runner.Value("steps.run.outputs.frontend-url"), (string)GitHub.DeploymentStatuses[^1].Status["environment_url"]!);

        await runner.RunAsync(job, Inputs("teardown"));
        Assert.False(runner.Failed, runner.Log);
        Assert.Equal(["in_progress", "success", "inactive"], GitHub.DeploymentStatuses.Select(status => (string)status.Status["state"]!));
        Assert.Empty(GitHub.Violations);

        AssertNoSecretIn(runner);
        Golden.Equal(SteadySummary.Of(runner.Summary), "deploy.yml.md");
    }

    [BashFact]
    public async Task A_deployment_that_cannot_be_is_told_as_annotation_summary_and_nothing_else()
    {
        await using var runner = NewRunner();
        await runner.RunAsync(Job("deploy.yml", "run"), new Dictionary<string, string>(Inputs("deploy")) { ["inputs.zone"] = "atlantis" });

        Assert.True(runner.Failed);
        Assert.Contains("::error file=cake.config::", runner.Log, StringComparison.Ordinal);
        Assert.Contains("atlantis", runner.Log, StringComparison.Ordinal);
        Assert.Empty(GitHub.Requests);
    }

    [BashFact]
    public async Task A_GitHub_that_forbids_everything_is_one_warning_and_the_deployment_stands()
    {
        GitHub.Fault = _ => (403, new Dictionary<string, string>());
        await using var runner = NewRunner();
        await runner.RunAsync(Job("deploy.yml", "run"), Inputs("deploy"));

        Assert.False(runner.Failed, runner.Log);
        Assert.Equal(1, Regex.Count(runner.Log, "::warning::GitHub was not told everything", RegexOptions.None, TimeSpan.FromMinutes(1)));
        Assert.NotEmpty(runner.Value("steps.run.outputs.frontend-url"));
        Assert.Empty(runner.Value("steps.run.outputs.deployment-id"));
    }

    [BashFact]
    public async Task The_plan_of_a_pull_request_is_its_comment()
    {
        await using var runner = NewRunner();
        var payload = Path.GetTempFileName();
        File.WriteAllText(payload, """{ "pull_request": { "number": 4, "head": { "sha": "fedcba9" } } }""");
        runner.Shell.Environment["GITHUB_EVENT_PATH"] = payload;

        await runner.RunAsync(Job("ci.yml", "plan"), new Dictionary<string, string> { ["github.token"] = GitHubFake.Token, ["github.event_name"] = "pull_request" });
        File.Delete(payload);

        Assert.False(runner.Failed, runner.Log);
        var (issue, comment) = Assert.Single(GitHub.Comments);
        Assert.Equal(4, issue);
        Assert.Contains("unchanged", (string)comment["body"]!, StringComparison.Ordinal);
        Assert.Empty(GitHub.Deployments);
        Assert.Empty(GitHub.Violations);
    }

    [BashFact]
    public async Task The_nightly_teardown_finds_nothing_and_opens_no_issue()
    {
        await using var runner = NewRunner();
        await runner.RunAsync(Job("teardown.yml", "expired"), new Dictionary<string, string> { ["github.token"] = GitHubFake.Token });

        Assert.False(runner.Failed, runner.Log);
        Assert.Empty(GitHub.Issues);
        Assert.Empty(GitHub.Violations);
    }

    private Runner NewRunner() => new(new Dictionary<string, string> { ["GITHUB_API_URL"] = GitHub.Address.AbsoluteUri, ["GOOGLE_APPLICATION_CREDENTIALS"] = Credentials });

    private static Dictionary<string, string> Inputs(string action) => new()
    {
        ["github.token"] = GitHubFake.Token, ["inputs.action"] = action, ["inputs.cloud"] = "local", ["inputs.name"] = "lab", ["inputs.zone"] = "us-west1-b", ["inputs.size"] = "3",
        ["inputs.machine-type"] = "e2-medium", ["inputs.ttl"] = "8h",
    };

    private static YamlNode Job(string workflow, string job) => Yaml.Read(Path.Combine(Yaml.Root, ".github", "workflows", workflow)).Get("jobs").Get(job)!;

    /// <summary>In the log they are only where the runner is told to hide them.</summary>
    private static void AssertNoSecretIn(Runner runner)
    {
        var log = string.Join('\n', runner.Log.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)));
        string[] written = [log, runner.Summary, .. Directory.EnumerateFiles(Path.Combine(Yaml.Root, "artifacts", "run")).Select(File.ReadAllText)];
        Assert.All(written, text => Assert.DoesNotContain(PlantedKey, text, StringComparison.Ordinal));
        Assert.All(written, text => Assert.DoesNotContain(GitHubFake.Token, text, StringComparison.Ordinal));
        Assert.Contains($"::add-mask::{PlantedKey}", runner.Log, StringComparison.Ordinal);
    }
}
