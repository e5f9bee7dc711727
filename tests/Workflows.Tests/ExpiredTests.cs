using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.Reporting.Tests.GitHub;
using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>What GitHub shows of deployments that teardown.yml removes, or cannot.</summary>
[Collection(Steps.OneAtATime)]
public sealed class ExpiredTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private GitHubFake _gitHub = null!;

    public async Task InitializeAsync() => _gitHub = await GitHubFake.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _gitHub.DisposeAsync();
    }

    [BashFact]
    public async Task What_could_not_be_removed_is_one_issue_until_it_is_gone_and_then_its_deployment_is_inactive()
    {
        await using var runner = new Runner(new Dictionary<string, string> { ["GITHUB_API_URL"] = _gitHub.Address.AbsoluteUri });
        await runner.RunAsync(Job("deploy.yml", "run"), new Dictionary<string, string>
        {
            ["github.token"] = GitHubFake.Token, ["inputs.action"] = "deploy", ["inputs.name"] = "pr-42", ["inputs.zone"] = "us-west1-b", ["inputs.size"] = "1",
            ["inputs.machine-type"] = "e2-medium", ["inputs.ttl"] = "8h",
        });
        Assert.False(runner.Failed, runner.Log);
        var cloud = new Uri((string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(runner.Shell.State, "server.json")))!["Endpoint"]!);
        await ExpireAsync(cloud, "primedeploy-local-primedeploy-pr-42");

        await ForbidAsync(cloud, new { collection = "firewalls", verb = "delete", error = new { status = 403 } });
        await TeardownAsync(runner);
        Assert.True(runner.Failed);
        var issue = Assert.Single(_gitHub.Issues);
        Assert.Contains("firewall rule pr-42-http: ", (string)issue["body"]!, StringComparison.Ordinal);
        Assert.Contains("not deleted", runner.Summary, StringComparison.Ordinal);

        await ForbidAsync(cloud, new { collection = "firewalls", verb = "delete", name = "pr-42-http2", error = new { status = 403 } });
        await TeardownAsync(runner);
        Assert.True(runner.Failed);
        Assert.Same(issue, Assert.Single(_gitHub.Issues));
        Assert.Contains("firewall rule pr-42-http2: ", (string)issue["body"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("firewall rule pr-42-http: ", (string)issue["body"]!, StringComparison.Ordinal);
        Assert.Equal(["in_progress", "success"], StatesOfDeployments());

        (await _http.DeleteAsync(new Uri(cloud, "/localcloud/faults"))).EnsureSuccessStatusCode();
        await TeardownAsync(runner);
        Assert.False(runner.Failed, runner.Log);
        Assert.Equal("closed", (string)issue["state"]!);
        Assert.Contains("Nothing is left over since [this run]", (string)Assert.Single(_gitHub.Comments).Comment["body"]!, StringComparison.Ordinal);
        Assert.Equal(["in_progress", "success", "inactive"], StatesOfDeployments());
        Assert.Empty(_gitHub.Violations);
    }

    private IEnumerable<string> StatesOfDeployments() => _gitHub.DeploymentStatuses.Select(status => (string)status.Status["state"]!);

    private static Task TeardownAsync(Runner runner) => runner.RunAsync(Job("teardown.yml", "expired"), new Dictionary<string, string> { ["github.token"] = GitHubFake.Token });

    /// <summary>A time to live is a minute at least; its end is written on the bucket.</summary>
    private async Task ExpireAsync(Uri cloud, string bucket)
    {
        using var labels = JsonContent.Create(new { labels = new Dictionary<string, string> { ["primedeploy-expires"] = "20260102t030405z" } });
        (await _http.PatchAsync(new Uri(cloud, $"/storage/v1/b/{bucket}"), labels)).EnsureSuccessStatusCode();
    }

    /// <summary>In place of what was forbidden before.</summary>
    private async Task ForbidAsync(Uri cloud, object what)
    {
        (await _http.DeleteAsync(new Uri(cloud, "/localcloud/faults"))).EnsureSuccessStatusCode();
        using var fault = JsonContent.Create(new[] { what });
        (await _http.PostAsync(new Uri(cloud, "/localcloud/faults"), fault)).EnsureSuccessStatusCode();
    }

    private static YamlNode Job(string workflow, string job) => Yaml.Read(Path.Combine(Yaml.Root, ".github", "workflows", workflow)).Get("jobs").Get(job)!;
}
