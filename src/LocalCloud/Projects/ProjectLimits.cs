namespace PrimeDeploy.LocalCloud.Projects;

/// <summary>What a project, and whoever calls, may not do. By default nothing: every API is enabled, every permission given, quotas are ample.</summary>
public sealed record ProjectLimits
{
    /// <summary>Limits of quotas by metric, for example CPUS or FIREWALLS; in every region where the metric is one of regions.</summary>
    public IReadOnlyDictionary<string, double> Quotas { get; init; } = new Dictionary<string, double>();

    /// <summary>APIs that are not enabled, for example compute.googleapis.com.</summary>
    public IReadOnlyList<string> DisabledServices { get; init; } = [];

    /// <summary>Permissions that callers do not have, for example compute.firewalls.create.</summary>
    public IReadOnlyList<string> DeniedPermissions { get; init; } = [];
}
