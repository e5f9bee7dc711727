using Octokit;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>The one issue that says what the nightly teardown could not remove: opened when it fails, kept up to date, closed when all is gone.</summary>
internal sealed class TeardownIssue(GitHubClient client, GitHubRun run)
{
    private const string Mark = "<!-- primedeploy teardown -->";
    private const string Label = "primedeploy-teardown";

    public async Task FailedAsync(string markdown)
    {
        var body = $"{Mark}\n{markdown}";
        if (await FindAsync() is not { } issue)
        {
            await client.Issue.Create(run.Owner, run.Repository, new NewIssue("Expired deployments could not be taken down") { Body = body, Labels = { Label } });
            return;
        }
        await client.Issue.Update(run.Owner, run.Repository, issue.Number, new IssueUpdate { Body = body, State = ItemState.Open });
    }

    public async Task SucceededAsync()
    {
        if (await FindAsync() is not { } issue || issue.State.Value == ItemState.Closed)
            return;
        await client.Issue.Comment.Create(run.Owner, run.Repository, issue.Number, $"Nothing is left over{(run.Page is { } page ? $" since [this run]({page})" : "")}.");
        await client.Issue.Update(run.Owner, run.Repository, issue.Number, new IssueUpdate { State = ItemState.Closed });
    }

    private async Task<Issue?> FindAsync()
    {
        var issues = await client.Issue.GetAllForRepository(
            run.Owner, run.Repository, new RepositoryIssueRequest { Filter = IssueFilter.All, State = ItemStateFilter.All, Labels = { Label } }, new ApiOptions { PageSize = 100 });
        return issues.FirstOrDefault(issue => issue.PullRequest is null && issue.Body?.StartsWith(Mark, StringComparison.Ordinal) == true);
    }
}
