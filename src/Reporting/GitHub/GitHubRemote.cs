namespace PrimeDeploy.Reporting.GitHub;

/// <summary>A repository on GitHub, or on a GitHub Enterprise Server, as git names it.</summary>
/// <param name="Host">Its server.</param>
/// <param name="Owner">The user or organization.</param>
/// <param name="Repository">The name without the owner and without <c>.git</c>.</param>
public sealed record GitHubRemote(string Host, string Owner, string Repository)
{
    /// <summary>Where the API of the server is.</summary>
    public Uri Api => Host switch
    {
        "github.com" => new Uri("https://api.github.com"),
        _ when Host.EndsWith(".ghe.com", StringComparison.Ordinal) => new Uri($"https://api.{Host}"),
        _ => new Uri($"https://{Host}/api/v3"),
    };

    /// <param name="url">As <c>git remote get-url</c> prints it: <c>https://host/owner/name.git</c>, <c>ssh://git@host/owner/name</c> or <c>git@host:owner/name.git</c>.</param>
    /// <returns>Null when it is none of these.</returns>
    public static GitHubRemote? Parse(string url)
    {
        var text = url.Trim();
        if (!text.Contains("://", StringComparison.Ordinal) && text.IndexOf(':') is > 0 and var colon)
            text = $"ssh://{text[..colon]}/{text[(colon + 1)..]}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0)
            return null;
        return address.AbsolutePath.Trim('/').Split('/') is [var owner, var name]
            ? new GitHubRemote(address.Host.ToLowerInvariant(), owner, name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name)
            : null;
    }
}
