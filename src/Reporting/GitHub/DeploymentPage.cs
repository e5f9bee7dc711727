using Octokit;

namespace PrimeDeploy.Reporting.GitHub;

/// <summary>
/// Shows a deployment as a GitHub Deployment, which has its place on the repository's page, with the address to open, and as a status of
/// its commit.
/// </summary>
/// <param name="client">GitHub.</param>
/// <param name="run">For which commit.</param>
/// <param name="environment">What GitHub shows it as: "google/lab".</param>
internal sealed class DeploymentPage(GitHubClient client, GitHubRun run, string environment)
{
    /// <summary>GitHub refuses a longer one (https://docs.github.com/rest/deployments/statuses).</summary>
    private const int LongestDescription = 140;

    /// <summary>Runs of a deployment that may still be shown as active.</summary>
    private const int Newest = 10;

    private long? _id;

    /// <summary>The GitHub Deployment's number; null before it was made.</summary>
    public long? Id => _id;

    public async Task BeginAsync()
    {
        var made = await client.Repository.Deployment.Create(run.Owner, run.Repository, new NewDeployment(run.Commit)
        {
            Environment = environment,
            Description = "Deployed by PrimeDeploy",
            // The commit is deployed as it is: nothing is merged into it, and the job that deploys is one of its checks.
            AutoMerge = false,
            RequiredContexts = [],
        });
        _id = made.Id;
        await SetAsync(made.Id, DeploymentState.InProgress, "Deploying", null);
    }

    /// <param name="succeeded">Whether it serves.</param>
    /// <param name="description">How it ended, in a few words.</param>
    /// <param name="address">Where it can be opened.</param>
    public Task EndAsync(bool succeeded, string description, Uri? address) => _id is { } id
        ? SetAsync(id, succeeded ? DeploymentState.Success : DeploymentState.Failure, description, address)
        : Task.CompletedTask;

    public Task SetCommitStatusAsync(CommitState state, string description, Uri? address) =>
        client.Repository.Status.Create(run.Owner, run.Repository, run.Commit, new NewCommitStatus
        {
            State = state,
            Context = $"primedeploy/{environment}",
            Description = Short(description),
            TargetUrl = (address ?? run.Page)?.AbsoluteUri,
        });

    /// <summary>Marks what is shown as deployed as gone.</summary>
    public async Task DeactivateAsync()
    {
        var deployments = await client.Connection.Get<List<Deployment>>(
            new Uri($"repos/{run.Owner}/{run.Repository}/deployments", UriKind.Relative),
            new Dictionary<string, string> { ["environment"] = environment, ["per_page"] = Newest.ToString() });
        foreach (var deployment in deployments.Body)
        {
            var last = await client.Repository.Deployment.Status.GetAll(run.Owner, run.Repository, deployment.Id, new ApiOptions { PageSize = 1, PageCount = 1 });
            if (last.Count == 0 || last[0].State.Value != DeploymentState.Inactive)
                await SetAsync(deployment.Id, DeploymentState.Inactive, "Taken down", null);
        }
    }

    private async Task SetAsync(long id, DeploymentState state, string description, Uri? address) =>
        await client.Repository.Deployment.Status.Create(run.Owner, run.Repository, id, new NewDeploymentStatus(state)
        {
            Description = Short(description),
            EnvironmentUrl = address?.AbsoluteUri,
            LogUrl = run.Page?.AbsoluteUri,
        });

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestDescription ? line : line[..(LongestDescription - 1)] + "…";
    }
}
