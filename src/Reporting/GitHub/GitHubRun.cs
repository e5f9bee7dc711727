using System.Text.Json;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>Which repository a run reports to, for which commit, and with what token.</summary>
public sealed record GitHubRun
{
    /// <summary>Where the API is: <c>https://api.github.com</c>, or a GitHub Enterprise Server's <c>/api/v3</c>.</summary>
    public required Uri Api { get; init; }

    /// <summary>The user or organization.</summary>
    public required string Owner { get; init; }

    /// <summary>The repository's name without the owner.</summary>
    public required string Repository { get; init; }

    /// <summary>May report; what its permissions do not allow is left out with a warning.</summary>
    public required string Token { get; init; }

    /// <summary>The commit that is reported on: on a pull request its last one, not the merge that GitHub made of it for the run.</summary>
    public required string Commit { get; init; }

    /// <summary>The run's own page; null when it is not a run of GitHub Actions.</summary>
    public Uri? Page { get; init; }

    /// <summary>The pull request's number; null when the run is not for one.</summary>
    public int? PullRequest { get; init; }

    /// <summary>Reads what GitHub Actions sets.</summary>
    /// <param name="environment">The variables.</param>
    /// <returns>Null when there is no token or no repository: then nobody wants to be told.</returns>
    public static GitHubRun? From(IReadOnlyDictionary<string, string> environment)
    {
        string? Value(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
        if ((Value("GITHUB_TOKEN") ?? Value("GH_TOKEN")) is not { } token || Value("GITHUB_REPOSITORY")?.Split('/') is not [var owner, var repository])
            return null;
        var (commit, pullRequest) = PullRequestIn(Value("GITHUB_EVENT_PATH"));
        return new GitHubRun
        {
            Api = new Uri(Value("GITHUB_API_URL") ?? "https://api.github.com"),
            Owner = owner,
            Repository = repository,
            Token = token,
            Commit = commit ?? Value("GITHUB_SHA") ?? "",
            PullRequest = pullRequest,
            Page = Value("GITHUB_RUN_ID") is { } run ? new Uri($"{Value("GITHUB_SERVER_URL") ?? "https://github.com"}/{owner}/{repository}/actions/runs/{run}") : null,
        };
    }

    private static (string? Commit, int? Number) PullRequestIn(string? eventFile)
    {
        try
        {
            if (eventFile is null)
                return (null, null);
            using var document = JsonDocument.Parse(File.ReadAllText(eventFile));
            return document.RootElement.TryGetProperty("pull_request", out var request)
                ? (request.GetProperty("head").GetProperty("sha").GetString(), request.GetProperty("number").GetInt32())
                : (null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null);
        }
    }
}
