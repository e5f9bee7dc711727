using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.Reporting.GitHub;

namespace PrimeDeploy.Reporting.Tests.GitHub;

public sealed class WorkflowDispatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);
    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    private readonly List<string> _lines = [];
    private GitHubFake _gitHub = null!;

    public async Task InitializeAsync() => _gitHub = await GitHubFake.StartAsync();

    public async Task DisposeAsync() => await _gitHub.DisposeAsync();

    [Fact]
    public async Task The_run_is_found_by_its_request_also_when_it_takes_a_while_to_appear_and_followed_to_its_end()
    {
        _gitHub.HiddenLooks = 2;
        var result = await DispatchAsync(new WorkflowDispatch(Run(), pause: Short), ("action", "deploy"), ("name", "lab"));

        Assert.True(result.Succeeded);
        Assert.Equal(["Run 12: https://github.example/o/r/actions/runs/5", "run / Run ./: success"], _lines);
        Assert.Equal("deploy", (string)_gitHub.Dispatched!["inputs"]!["action"]!);
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task A_run_that_fails_says_so()
    {
        _gitHub.Conclusion = "failure";
        var result = await DispatchAsync(new WorkflowDispatch(Run(), pause: Short));

        Assert.Equal(("failure", false), (result.Conclusion, result.Succeeded));
    }

    [Theory]
    [InlineData("queued", 0)]
    [InlineData("in_progress", 0)]
    [InlineData("requested", 0)]
    [InlineData("pending", 0)]
    [InlineData("waiting", 1)]
    public async Task A_run_is_followed_whatever_it_is_doing_and_an_approval_that_it_waits_for_is_told_once(string status, int told)
    {
        _gitHub.Status = status;
        var looks = 0;
        _gitHub.Fault = call =>
        {
            if (call.EndsWith("/jobs", StringComparison.Ordinal) && ++looks == 3)
                _gitHub.Status = "completed";
            return null;
        };
        var result = await DispatchAsync(new WorkflowDispatch(Run(), pause: Short));

        Assert.True(result.Succeeded);
        Assert.Equal(told, _lines.Count(line => line.Contains("waits for somebody's approval", StringComparison.Ordinal)));
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task Looks_that_fail_are_told_and_five_in_a_row_end_the_following()
    {
        var failures = 0;
        _gitHub.Fault = call => call.EndsWith("/runs/5", StringComparison.Ordinal) && failures++ < 4 ? (502, NoHeaders) : null;
        Assert.True((await DispatchAsync(new WorkflowDispatch(Run(), pause: Short))).Succeeded);
        Assert.Equal(4, _lines.Count(line => line.StartsWith("GitHub did not say how the run is", StringComparison.Ordinal)));

        _gitHub.Fault = call => call.EndsWith("/runs/5", StringComparison.Ordinal) ? (502, NoHeaders) : null;
        var ended = await Assert.ThrowsAsync<WorkflowDispatchException>(() => DispatchAsync(new WorkflowDispatch(Run(), pause: Short)));
        Assert.Contains("5 times in a row", ended.Message, StringComparison.Ordinal);
        Assert.EndsWith("The run itself goes on.", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_never_appears_ends_after_three_minutes_with_where_to_look()
    {
        _gitHub.HiddenLooks = int.MaxValue;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var dispatch = DispatchAsync(new WorkflowDispatch(Run(), time));
        while (!dispatch.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        var missing = await Assert.ThrowsAsync<WorkflowDispatchException>(() => dispatch);
        Assert.Contains("no run of it appeared in 3 minutes. Look at the repository's Actions page", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "not valid")]
    [InlineData(403, "actions: write")]
    [InlineData(404, "default branch")]
    [InlineData(422, "inputs")]
    [InlineData(500, "reachable")]
    [InlineData(0, "reachable")]
    public async Task A_dispatch_that_GitHub_refuses_says_what_to_do(int status, string advice)
    {
        _gitHub.Fault = _ => (status, NoHeaders);
        var refused = await Assert.ThrowsAsync<WorkflowDispatchException>(() =>
            DispatchAsync(new WorkflowDispatch(Run(), patience: status == 0 ? TimeSpan.FromMilliseconds(300) : null)));

        Assert.Contains("Could not start deploy.yml on main", refused.Message, StringComparison.Ordinal);
        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(GitHubFake.Token, refused.Message, StringComparison.Ordinal);
    }

    private Task<WorkflowResult> DispatchAsync(WorkflowDispatch dispatch, params (string Name, string Value)[] inputs) =>
        dispatch.RunAsync("deploy.yml", "main", inputs.ToDictionary(input => input.Name, input => input.Value), _lines.Add, CancellationToken.None);

    private GitHubRun Run() => new() { Api = _gitHub.Address, Owner = "o", Repository = "r", Token = GitHubFake.Token, Commit = "" };
}
