namespace PrimeDeploy.Deployer;

/// <summary>Whether the project lets itself be deployed to, and by this account.</summary>
internal static class ProjectCheck
{
    private static readonly IReadOnlyList<string> Services = ["compute.googleapis.com", "storage.googleapis.com"];

    /// <summary>The first is given for the machines' account alone, so that the project does not know of it; without the other it is only not known
    /// which APIs are off.</summary>
    private static readonly IReadOnlyList<string> Untested = ["iam.serviceAccounts.actAs", Permissions.ReadServices];

    /// <summary>APIs that are off and permissions that are missing, as far as that can be told.</summary>
    /// <param name="kinds">The kinds of resources that the deployment consists of.</param>
    /// <param name="api">The cloud.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(IEnumerable<string> kinds, CloudApi api, CancellationToken cancellationToken)
    {
        var wanted = kinds.Append(Permissions.EveryRun).ToHashSet(StringComparer.Ordinal);
        var permissions = Permissions.ByKind.Where(kind => wanted.Contains(kind.Kind)).SelectMany(kind => kind.Names)
            .Except(Untested, StringComparer.Ordinal).ToList();
        var services = ProjectAccess.DisabledAsync(api, Services, cancellationToken);
        var missing = ProjectAccess.MissingAsync(api, permissions, cancellationToken);
        return [.. Off(await services, api), .. Lacking(await missing, api)];
    }

    private static IEnumerable<string> Off(IReadOnlyList<string> services, CloudApi api) =>
        from service in services
        select $"project: the API {service} is not enabled in {api.Project}. Run `gcloud services enable {service} --project={api.Project}`, "
            + "and try again in a minute.";

    /// <summary>One line for each kind of resource, because that is how roles are given.</summary>
    private static IEnumerable<string> Lacking(IReadOnlyList<string> missing, CloudApi api) =>
        from kind in Permissions.ByKind
        let lacking = kind.Names.Where(missing.Contains).ToList()
        where lacking.Count > 0
        select $"project: the account that deploys may not work on {api.Project}'s resources of kind {kind.Kind}: it lacks "
            + $"{string.Join(", ", lacking)}. Grant it a role that has them; docs/google-cloud.md makes one.";
}
