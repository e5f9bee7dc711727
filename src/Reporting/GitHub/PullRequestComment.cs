using Octokit;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>One comment on a pull request, which is changed rather than repeated.</summary>
/// <param name="client">GitHub.</param>
/// <param name="run">Which pull request.</param>
/// <param name="subject">Tells this comment from others of ours: "plan:lab".</param>
internal sealed class PullRequestComment(GitHubClient client, GitHubRun run, string subject)
{
    /// <summary>GitHub refuses a longer one.</summary>
    private const int LongestBody = 65_000;

    private readonly string _mark = $"<!-- primedeploy {subject} -->";

    public async Task WriteAsync(string markdown)
    {
        if (run.PullRequest is not { } number)
            return;
        var body = $"{_mark}\n{(markdown.Length <= LongestBody ? markdown : markdown[..LongestBody] + "\n…")}";
        var comments = await client.Issue.Comment.GetAllForIssue(run.Owner, run.Repository, number, new ApiOptions { PageSize = 100 });
        if (comments.FirstOrDefault(comment => comment.Body?.StartsWith(_mark, StringComparison.Ordinal) == true) is not { } existing)
            await client.Issue.Comment.Create(run.Owner, run.Repository, number, body);
        else if (existing.Body != body)
            await client.Issue.Comment.Update(run.Owner, run.Repository, existing.Id, body);
    }
}
