using Cake.Common;
using Cake.Core;
using Cake.Core.IO;
using PrimeDeploy.Reporting.GitHub;

namespace PrimeDeploy.Build.Reporting;

/// <summary>The repository on GitHub that a developer's checkout comes from, and the developer's own token.</summary>
internal static class GitHubOfCheckout
{
    /// <exception cref="CakeException">There is no repository on GitHub, or no token; the message says how to give them.</exception>
    public static GitHubRun Find(BuildContext context)
    {
        var remote = context.EnvironmentVariable("GITHUB_REPOSITORY") is { Length: > 0 } repository
            ? GitHubRemote.Parse($"{context.EnvironmentVariable("GITHUB_SERVER_URL") ?? "https://github.com"}/{repository}")
            : First(context, "git", "remote get-url origin") is { } url ? GitHubRemote.Parse(url) : null;
        if (remote is null)
            throw new CakeException("The remote origin of this checkout is no repository on GitHub. Say which it is: GITHUB_REPOSITORY=owner/name in the environment.");
        var token = Given(context, "GITHUB_TOKEN") ?? Given(context, "GH_TOKEN") ?? First(context, "gh", $"auth token --hostname {remote.Host}")
            ?? throw new CakeException("There is no token for GitHub. Sign in with 'gh auth login', or put one with the permission actions: write into GITHUB_TOKEN.");
        return new GitHubRun
        {
            Api = Given(context, "GITHUB_API_URL") is { } api ? new Uri(api) : remote.Api,
            Owner = remote.Owner,
            Repository = remote.Repository,
            Token = token,
            Commit = "",
        };
    }

    private static string? Given(BuildContext context, string variable) => context.EnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>The first line that a program prints; null when it is not there or fails.</summary>
    private static string? First(BuildContext context, string program, string arguments)
    {
        if (context.Tools.Resolve(program) is not { } tool)
            return null;
        var settings = new ProcessSettings { Arguments = arguments, WorkingDirectory = context.Root, RedirectStandardOutput = true, RedirectStandardError = true, Silent = true };
        return context.StartProcess(tool, settings, out var lines, out _) == 0 ? lines.FirstOrDefault() : null;
    }
}
