using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>Machines that are going to be made or started.</summary>
/// <param name="Type">Their machine type.</param>
/// <param name="Count">How many.</param>
/// <param name="External">Whether each gets an external address.</param>
internal sealed record MachineNeed(string Type, int Count, bool External)
{
    /// <summary>They are there and are only started: what runs not has its disk and address, but no processors.</summary>
    public bool AreThere { get; init; }
}

/// <summary>Whether the project's quotas leave room for what is going to be made (https://cloud.google.com/compute/resource-usage).</summary>
internal static class QuotaCheck
{
    /// <summary>The boot disk of the lab's image, in GB.</summary>
    private const int BootDisk = 10;

    /// <summary>Families that are counted in CPUS; the others each have a quota of their own, such as N2_CPUS.</summary>
    private static readonly string[] Common = ["e2", "n1", "f1", "g1"];

    /// <param name="made">The resources that are going to be made.</param>
    /// <param name="machines">The machines, also those of the group.</param>
    /// <param name="cpus">Processors by machine type.</param>
    /// <param name="api">The cloud.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A line for each quota that does not leave enough; quotas that the project does not tell of are not looked at.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        IEnumerable<Resource> made, IReadOnlyList<MachineNeed> machines, IReadOnlyDictionary<string, int> cpus, CloudApi api,
        CancellationToken cancellationToken)
    {
        var region = api.FindAsync($"read region {api.Region}", call => api.Cloud.Regions.GetAsync(
            new GetRegionRequest { Project = api.Project, Region = api.Region }, call), cancellationToken);
        var project = api.FindAsync($"read project {api.Project}", call => api.Cloud.Projects.GetAsync(
            new GetProjectRequest { Project = api.Project }, call), cancellationToken);
        var regional = (await region)?.Quotas.ToDictionary(quota => quota.Metric, StringComparer.Ordinal) ?? [];
        var global = (await project)?.Quotas.ToDictionary(quota => quota.Metric, StringComparer.Ordinal) ?? [];

        var needs = made.SelectMany(MetricsOf).Select(metric => (Metric: metric, More: 1))
            .Concat(machines.SelectMany(machine => NeedsOf(machine, cpus, regional)))
            .GroupBy(need => need.Metric, (metric, some) => (Metric: metric, More: some.Sum(need => need.More)), StringComparer.Ordinal);
        return
        [
            .. from need in needs
               let isRegional = regional.ContainsKey(need.Metric)
               let quota = isRegional ? regional[need.Metric] : global.GetValueOrDefault(need.Metric)
               where quota is not null && quota.Usage + need.More > quota.Limit
               select $"quota {need.Metric} of {(isRegional ? api.Region : api.Project)}: {need.More} more are needed, "
                   + $"and {Math.Max(0, quota.Limit - quota.Usage):0} of {quota.Limit:0} are left. {CloudErrors.MoreQuota}",
        ];
    }

    private static string[] MetricsOf(Resource resource) => resource switch
    {
        FirewallRule => ["FIREWALLS"],
        HealthCheck => ["HEALTH_CHECKS"],
        InstanceTemplate => ["INSTANCE_TEMPLATES"],
        ManagedInstanceGroup => ["INSTANCE_GROUP_MANAGERS", "INSTANCE_GROUPS"],
        // That it is in use too is counted with the machine that gets it.
        ReservedAddress { IsExternal: true } => ["STATIC_ADDRESSES"],
        _ => [],
    };

    private static IEnumerable<(string Metric, int More)> NeedsOf(
        MachineNeed machine, IReadOnlyDictionary<string, int> cpus, Dictionary<string, Quota> regional)
    {
        var family = machine.Type.Split('-')[0];
        var own = $"{family.ToUpperInvariant()}_CPUS";
        yield return (!Common.Contains(family) && regional.ContainsKey(own) ? own : "CPUS", machine.Count * cpus.GetValueOrDefault(machine.Type));
        if (machine.AreThere) yield break;
        yield return ("INSTANCES", machine.Count);
        yield return ("DISKS_TOTAL_GB", machine.Count * BootDisk);
        if (machine.External) yield return ("IN_USE_ADDRESSES", machine.Count);
    }
}
