using System.Net;
using Octokit;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>
/// Tells GitHub how a run goes. A GitHub that is down, or forbids something, never fails the run: everything that could not be told is one
/// warning at the end. Nothing here throws.
/// </summary>
public sealed class GitHubNews
{
    private readonly GitHubRun _run;
    private readonly GitHubClient _client;
    private readonly List<string> _untold = [];
    private bool _unreachable;
    private DeploymentPage? _page;
    private Task _begun = Task.CompletedTask;

    /// <param name="run">Where to report.</param>
    /// <param name="patience">How long to wait for one answer; null for 30 seconds.</param>
    public GitHubNews(GitHubRun run, TimeSpan? patience = null)
    {
        _run = run;
        _client = GitHubApi.Connect(run, patience);
    }

    /// <summary>The number of the GitHub Deployment that shows this run; null when none was made.</summary>
    public long? DeploymentId => _page?.Id;

    /// <summary>Everything that could not be told, on one line; null when all was told.</summary>
    public string? Warning => _untold.Count == 0 ? null :
        $"GitHub was not told everything: {string.Join("; ", _untold)}. {(_unreachable ? "The rest was not tried. " : "")}The run itself is not affected.";

    /// <summary>Begins to show a deployment. Returns at once: the deployment does not wait for GitHub.</summary>
    /// <param name="environment">What GitHub shows it as: "google/lab".</param>
    public void DeploymentBegins(string environment)
    {
        var page = _page = new DeploymentPage(_client, _run, environment);
        _begun = BeginAsync();

        async Task BeginAsync()
        {
            await TellAsync("the deployment", page.BeginAsync);
            await TellAsync("the commit's status", () => page.SetCommitStatusAsync(CommitState.Pending, "Deploying", null));
        }
    }

    /// <summary>Shows how the deployment ended.</summary>
    /// <param name="error">Why it failed; null when it serves.</param>
    /// <param name="proof">What was proved, in a few words: "11 of 11 checks passed".</param>
    /// <param name="address">Where it can be opened.</param>
    public async Task DeploymentEndedAsync(string? error, string proof, Uri? address)
    {
        await _begun;
        if (_page is not { } page)
            return;
        var description = error ?? proof;
        await TellAsync("the deployment's end", () => page.EndAsync(error is null, description, error is null ? address : null));
        await TellAsync("the commit's status", () => page.SetCommitStatusAsync(error is null ? CommitState.Success : CommitState.Failure, description, error is null ? address : null));
    }

    /// <summary>Marks a deployment as gone.</summary>
    /// <param name="environment">As it was given when it was deployed.</param>
    public Task DeploymentRemovedAsync(string environment) =>
        TellAsync($"that {environment} is taken down", new DeploymentPage(_client, _run, environment).DeactivateAsync);

    /// <summary>Writes what a pull request would change into its one comment. Does nothing where the run is not for a pull request.</summary>
    /// <param name="deployment">The deployment's name: each has a comment of its own.</param>
    /// <param name="markdown">The comment.</param>
    public Task PlanMadeAsync(string deployment, string markdown) =>
        TellAsync("the plan", () => new PullRequestComment(_client, _run, $"plan:{deployment}").WriteAsync(markdown));

    /// <summary>Opens, changes or closes the one issue about what could not be taken down.</summary>
    /// <param name="failure">What is left and why, in Markdown; null when nothing is.</param>
    public Task ExpiredTakenDownAsync(string? failure)
    {
        var issue = new TeardownIssue(_client, _run);
        return TellAsync("the teardown", () => failure is null ? issue.SucceededAsync() : issue.FailedAsync(failure));
    }

    private async Task TellAsync(string what, Func<Task> tell)
    {
        if (_unreachable)
            return;
        try
        {
            await tell();
        }
        // Whatever it is, also an answer of somebody in between that Octokit cannot read: it must not fail the run.
        catch (Exception e)
        {
            _unreachable = e is not ApiException answer || IsForEverything(answer);
            _untold.Add($"{what} ({Reason(e)})");
        }
    }

    /// <summary>No other call would fare better.</summary>
    private static bool IsForEverything(ApiException answer) =>
        answer is RateLimitExceededException or SecondaryRateLimitExceededException or AbuseException ||
        answer.StatusCode is HttpStatusCode.Unauthorized || (int)answer.StatusCode >= 500;

    private string Reason(Exception e) => e switch
    {
        RateLimitExceededException limited => $"rate limit until {limited.Reset:HH:mm:ss} UTC",
        ForbiddenException => "403: the token's permissions do not allow it; a workflow needs deployments: write, statuses: write, pull-requests: write or issues: write",
        NotFoundException => $"404: the token does not see {_run.Owner}/{_run.Repository}, or has no permission for it",
        ApiException answer => $"{(int)answer.StatusCode}: {answer.Message.ReplaceLineEndings(" ")}",
        OperationCanceledException => $"no answer from {_run.Api.Host} in time",
        HttpRequestException or IOException => e.Message,
        _ => $"an answer that cannot be read: {e.Message}",
    };
}
