using Octokit;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>Octokit on the repository of a run.</summary>
internal static class GitHubApi
{
    /// <summary>Long enough for a slow answer; a GitHub that is down must not keep a deployment waiting.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="run">Where and with what token.</param>
    /// <param name="patience">For one call; null for <see cref="Patience"/>.</param>
    public static GitHubClient Connect(GitHubRun run, TimeSpan? patience = null)
    {
        // The address as it is: GitHubClient's own constructor appends /api/v3 to whatever is not api.github.com.
        var connection = new Connection(new ProductHeaderValue("PrimeDeploy"), new Uri(run.Api.AbsoluteUri.TrimEnd('/') + "/"))
        {
            Credentials = new Credentials(run.Token),
        };
        connection.SetRequestTimeout(patience ?? Patience);
        return new GitHubClient(connection);
    }
}
