using Octokit;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>How a run of a workflow ended.</summary>
/// <param name="Conclusion">GitHub's word: success, failure, cancelled and others.</param>
/// <param name="Page">Where it can be read.</param>
public sealed record WorkflowResult(string Conclusion, Uri Page)
{
    /// <summary>Whether it did what it was started for.</summary>
    public bool Succeeded => Conclusion == "success";
}

/// <summary>Starts a workflow from outside, follows its run and tells how it ended.</summary>
/// <param name="run">Which repository, and with what token: it needs <c>actions: write</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="pause">Between two looks; null for 5 seconds.</param>
/// <param name="patience">How long to wait for one answer; null for 30 seconds.</param>
public sealed class WorkflowDispatch(GitHubRun run, TimeProvider? time = null, TimeSpan? pause = null, TimeSpan? patience = null)
{
    /// <summary>GitHub makes the run after it has answered; it takes seconds.</summary>
    private static readonly TimeSpan UntilItIsThere = TimeSpan.FromMinutes(3);

    /// <summary>Steps are told by their number, and a run may be looked at for an hour: a look that fails is not the end.</summary>
    private const int FailuresInARow = 5;

    /// <summary>The status of a run that its environment's protection holds back.</summary>
    private const string Waiting = "waiting";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly TimeSpan _pause = pause ?? TimeSpan.FromSeconds(5);
    private readonly GitHubClient _client = GitHubApi.Connect(run, patience);

    /// <summary>Starts it and follows it to its end.</summary>
    /// <param name="workflow">The file's name in <c>.github/workflows</c>; it has an input <c>request</c> that it shows in its run's name.</param>
    /// <param name="reference">The branch or tag to run on.</param>
    /// <param name="inputs">The workflow's inputs but <c>request</c>.</param>
    /// <param name="show">Gets a line when the run begins, and when a step of it ends.</param>
    /// <param name="cancellationToken">Ends the following; the run itself goes on.</param>
    /// <exception cref="WorkflowDispatchException">GitHub refused, or the run did not appear; the message says what to do.</exception>
    public async Task<WorkflowResult> RunAsync(
        string workflow, string reference, IReadOnlyDictionary<string, string> inputs, Action<string> show, CancellationToken cancellationToken)
    {
        // GitHub does not say which run it made: the name of the run has this.
        var request = Guid.NewGuid().ToString("N")[..12];
        var asked = _time.GetUtcNow();
        await AskAsync($"start {workflow} on {reference}", () => _client.Actions.Workflows.CreateDispatch(run.Owner, run.Repository, workflow, new CreateWorkflowDispatch(reference)
        {
            Inputs = inputs.Append(new("request", request)).ToDictionary(input => input.Key, input => (object)input.Value),
        }));

        var found = await FindAsync(workflow, request, asked, cancellationToken);
        show($"Run {found.RunNumber}: {found.HtmlUrl}");
        return await FollowAsync(found.Id, show, cancellationToken);
    }

    private async Task<WorkflowRun> FindAsync(string workflow, string request, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        // GitHub's clock and ours may differ.
        var wanted = new WorkflowRunsRequest { Event = "workflow_dispatch", Created = $">={asked.AddMinutes(-5):yyyy-MM-ddTHH:mm:ssZ}" };
        while (_time.GetUtcNow() - asked < UntilItIsThere)
        {
            var runs = await AskAsync($"find the run of {workflow}", () => _client.Actions.Workflows.Runs.ListByWorkflow(run.Owner, run.Repository, workflow, wanted));
            if (runs.WorkflowRuns.FirstOrDefault(candidate => candidate.DisplayTitle?.Contains(request, StringComparison.Ordinal) == true) is { } found)
                return found;
            await Task.Delay(_pause, _time, cancellationToken);
        }
        throw new WorkflowDispatchException(
            $"GitHub took the request for {workflow}, but no run of it appeared in {UntilItIsThere.TotalMinutes} minutes. Look at the repository's Actions page.", null);
    }

    private async Task<WorkflowResult> FollowAsync(long id, Action<string> show, CancellationToken cancellationToken)
    {
        var told = new HashSet<(long Job, int Step)>();
        var waits = false;
        for (var failures = 0; ; await Task.Delay(_pause, _time, cancellationToken))
        {
            try
            {
                var seen = await _client.Actions.Workflows.Runs.Get(run.Owner, run.Repository, id);
                var jobs = await _client.Actions.Workflows.Jobs.List(run.Owner, run.Repository, id);
                foreach (var job in jobs.Jobs)
                    foreach (var step in job.Steps.Where(step => step.Status.Value == WorkflowJobStatus.Completed && told.Add((job.Id, step.Number))))
                        show($"{job.Name} / {step.Name}: {step.Conclusion?.StringValue}");
                if (!waits && (waits = seen.Status.StringValue == Waiting))
                    show($"The run waits for somebody's approval: {seen.HtmlUrl}");
                if (seen.Status.Value == WorkflowRunStatus.Completed)
                    return new WorkflowResult(seen.Conclusion?.StringValue ?? "unknown", new Uri(seen.HtmlUrl));
                failures = 0;
            }
            catch (Exception e) when (IsFailure(e, cancellationToken) && ++failures < FailuresInARow)
            {
                show($"GitHub did not say how the run is: {e.Message}");
            }
            catch (Exception e) when (IsFailure(e, cancellationToken))
            {
                throw new WorkflowDispatchException($"GitHub did not say {FailuresInARow} times in a row how the run is: {e.Message} The run itself goes on.", e);
            }
        }
    }

    private async Task AskAsync(string what, Func<Task> ask) => await AskAsync(what, async () =>
    {
        await ask();
        return true;
    });

    private async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or TaskCanceledException)
        {
            var advice = e switch
            {
                AuthorizationException => "The token is not valid.",
                NotFoundException => $"Does {run.Owner}/{run.Repository} have this workflow on its default branch, and may the token see it?",
                ForbiddenException => "The token needs the permission actions: write.",
                ApiValidationException => "The workflow does not take these inputs, or the branch is not there.",
                _ => "Is GitHub reachable?",
            };
            throw new WorkflowDispatchException($"Could not {what}: {e.Message} {advice}", e);
        }
    }

    private static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e is ApiException or HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested;
}

/// <summary>A workflow could not be started or followed; the message says why and what to do.</summary>
public sealed class WorkflowDispatchException(string message, Exception? inner) : Exception(message, inner);
