using PrimeDeploy.Reporting.Tests.GitHub;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>A workflow that is started from a laptop.</summary>
[Collection(Steps.OneAtATime)]
public sealed class DispatchTests : IAsyncLifetime
{
    private GitHubFake _gitHub = null!;
    private StepShell _laptop = null!;

    public async Task InitializeAsync()
    {
        _gitHub = await GitHubFake.StartAsync();
        _laptop = new StepShell(new Dictionary<string, string>
        {
            ["GITHUB_REPOSITORY"] = "o/r", ["GITHUB_TOKEN"] = GitHubFake.Token, ["GITHUB_API_URL"] = _gitHub.Address.AbsoluteUri, ["GITHUB_ACTIONS"] = "", ["TF_BUILD"] = "",
        });
    }

    public async Task DisposeAsync()
    {
        await _gitHub.DisposeAsync();
        _laptop.Folder.Delete(recursive: true);
    }

    [BashFact]
    public async Task The_run_is_started_followed_and_its_result_shown()
    {
        Assert.Equal(0, await RunAsync("--action=deploy --cloud=google --name=pr-42 --size=5 --ttl=8h --ref=release"));

        Assert.Contains("Run 12: https://github.example/o/r/actions/runs/5", _laptop.Log, StringComparison.Ordinal);
        Assert.Contains("run / Run ./: success", _laptop.Log, StringComparison.Ordinal);
        Assert.Contains("The run succeeded", _laptop.Log, StringComparison.Ordinal);
        Assert.Equal("release", (string)_gitHub.Dispatched!["ref"]!);
        var inputs = _gitHub.Dispatched["inputs"]!.AsObject().Where(input => input.Key != "request").ToDictionary(input => input.Key, input => (string)input.Value!);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["action"] = "deploy", ["cloud"] = "google", ["name"] = "pr-42", ["zone"] = "us-west1-b", ["size"] = "5", ["machine-type"] = "e2-medium", ["ttl"] = "8h",
            },
            inputs);
        Assert.Empty(_gitHub.Violations);
        // Outside CI nothing of a CI system's shows, and a token is not a wish to report.
        Assert.DoesNotContain("::", _laptop.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("##", _laptop.Log, StringComparison.Ordinal);
        Assert.Empty(_gitHub.Deployments);
    }

    [BashFact]
    public async Task A_run_that_fails_ends_the_command_with_1()
    {
        _gitHub.Conclusion = "failure";

        Assert.Equal(1, await RunAsync("--action=verify"));
        Assert.Contains("The run ended with failure: https://github.example/o/r/actions/runs/5", _laptop.Log, StringComparison.Ordinal);
    }

    [BashFact]
    public async Task What_is_wrong_is_told_with_what_to_do()
    {
        _gitHub.Fault = _ => (404, new Dictionary<string, string>());
        Assert.Equal(1, await RunAsync("--action=plan"));
        Assert.Contains("Does o/r have this workflow on its default branch", _laptop.Log, StringComparison.Ordinal);

        _gitHub.Fault = _ => (422, new Dictionary<string, string>());
        Assert.Equal(1, await RunAsync("--ref=nowhere"));
        Assert.Contains("Could not start deploy.yml on nowhere", _laptop.Log, StringComparison.Ordinal);
        Assert.Contains("the branch is not there", _laptop.Log, StringComparison.Ordinal);

        Assert.Equal(1, await RunAsync("--action=destroy"));
        Assert.Contains("--action: 'destroy'", _laptop.Log, StringComparison.Ordinal);

        _laptop.Environment["GITHUB_API_URL"] = "http://127.0.0.1:9";
        Assert.Equal(1, await RunAsync("--action=plan"));
        Assert.Contains("Is GitHub reachable?", _laptop.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _laptop.Log, StringComparison.Ordinal);
    }

    [BashFact]
    public async Task A_signal_stops_the_following_and_the_run_goes_on()
    {
        var pid = Path.Combine(_laptop.Folder.FullName, "pid");
        _gitHub.Status = "waiting";
        // Not Ctrl-C's own, which a test that was started in the background is deaf to.
        _gitHub.Fault = call =>
        {
            if (call.EndsWith("/jobs", StringComparison.Ordinal))
                System.Diagnostics.Process.Start("kill", ["-TERM", File.ReadAllText(pid).Trim()]).Dispose();
            return null;
        };

        Assert.Equal(130, await _laptop.RunAsync($"echo $$ >{pid}; exec env --default-signal ./build.sh --target=Dispatch", new Dictionary<string, string>()));
        Assert.Contains("The run waits for somebody's approval", _laptop.Log, StringComparison.Ordinal);
        Assert.Contains("Stopped following. The run on GitHub goes on.", _laptop.Log, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(string arguments) => _laptop.RunAsync($"./build.sh --target=Dispatch {arguments}", new Dictionary<string, string>());
}
