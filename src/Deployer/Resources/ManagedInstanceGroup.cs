using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Keeps a number of machines running in one zone: makes those that are missing, and rolls over to a new template without ever having
/// fewer.
/// </summary>
internal sealed class ManagedInstanceGroup : Resource<InstanceGroupManager>
{
    public static readonly ResourceKind ResourceKind = new("managed instance group", DeleteAsync, ListAsync)
    {
        UsedBy = [BackendService.ResourceKind],
    };

    /// <summary>How long a machine is left alone after its start, whatever its health: longer than the slowest boots.</summary>
    private const int HealingDelaySeconds = 600;

    private readonly InstanceTemplate _template;
    private readonly HealthCheck _healing;
    private readonly int _size;

    /// <param name="name">Its name, and what its machines' names begin with.</param>
    /// <param name="step">The task it belongs to.</param>
    /// <param name="template">What the machines are made of.</param>
    /// <param name="healing">Tells which machine has to be made anew, and when a new one counts.</param>
    /// <param name="size">How many.</param>
    public ManagedInstanceGroup(string name, Step step, InstanceTemplate template, HealthCheck healing, int size)
        : base(ResourceKind, name, step)
    {
        _template = template;
        _healing = healing;
        _size = size;
        Uses = [template, healing];
    }

    public int Size => _size;

    protected override Task<InstanceGroupManager?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.InstanceGroupManagers.GetAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = Name }, call), cancellationToken);

    protected override InstanceGroupManager Desired(InstanceGroupManager? actual, Observed seen) => new()
    {
        Name = Name,
        BaseInstanceName = Name,
        InstanceTemplate = seen.Global("instanceTemplates", seen.Of(_template)?.Name ?? _template.Name),
        TargetSize = _size,
        // With a health check of its own the group counts a new machine only when it serves, and makes one anew that stops serving.
        AutoHealingPolicies =
        {
            new InstanceGroupManagerAutoHealingPolicy
            {
                HealthCheck = seen.Global("healthChecks", _healing.Name), InitialDelaySec = HealingDelaySeconds,
            },
        },
        // By default a group changes nothing when it gets another template. PROACTIVE rolls over by itself: one more machine first, and one
        // less only when the new one is healthy.
        UpdatePolicy = new InstanceGroupManagerUpdatePolicy
        {
            Type = "PROACTIVE",
            MinimalAction = "REPLACE",
            ReplacementMethod = "SUBSTITUTE",
            MaxSurge = new FixedOrPercent { Fixed = 1 },
            MaxUnavailable = new FixedOrPercent { Fixed = 0 },
        },
    };

    protected override void Describe(InstanceGroupManager message, FieldList fields) => fields
        .Add("baseInstanceName", message.BaseInstanceName)
        .AddLink("instanceTemplate", message.InstanceTemplate)
        .Add("targetSize", message.TargetSize)
        .AddSet("autoHealingPolicies.healthCheck", message.AutoHealingPolicies.Select(policy => Link.WithoutBase(policy.HealthCheck)))
        .AddSet("autoHealingPolicies.initialDelaySec", message.AutoHealingPolicies.Select(policy => policy.InitialDelaySec.ToString()))
        .Add("updatePolicy.type", message.UpdatePolicy?.Type)
        .Add("updatePolicy.minimalAction", message.UpdatePolicy?.MinimalAction)
        .Add("updatePolicy.replacementMethod", message.UpdatePolicy?.ReplacementMethod)
        .Add("updatePolicy.maxSurge", message.UpdatePolicy?.MaxSurge?.Fixed)
        .Add("updatePolicy.maxUnavailable", message.UpdatePolicy?.MaxUnavailable?.Fixed);

    protected override OwnershipMark? MarkOf(InstanceGroupManager message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(InstanceGroupManager message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool CanUpdate(string field) => true;

    protected override Task InsertAsync(CloudApi api, InstanceGroupManager desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.InstanceGroupManagers.InsertAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManagerResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(
        CloudApi api, InstanceGroupManager actual, InstanceGroupManager desired, CancellationToken cancellationToken)
    {
        var patch = desired.Clone();
        if (actual.HasFingerprint) patch.Fingerprint = actual.Fingerprint;
        return SendAsync(api, patch, cancellationToken);
    }

    /// <summary>Sends the group's machines to another template.</summary>
    internal Task RollToAsync(CloudApi api, string template, CancellationToken cancellationToken) =>
        SendAsync(api, new() { InstanceTemplate = template }, cancellationToken);

    private Task SendAsync(CloudApi api, InstanceGroupManager patch, CancellationToken cancellationToken)
    {
        // The group's own list of versions wins over the template, so both are given.
        patch.Versions.Add(new InstanceGroupManagerVersion { InstanceTemplate = patch.InstanceTemplate });
        return api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.InstanceGroupManagers.PatchAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = Name, InstanceGroupManagerResource = patch, RequestId = id },
            call), cancellationToken);
    }

    /// <summary>
    /// Waits until all machines are healthy and of the wanted version. Making the group is done long before that, and the load balancer is
    /// made meanwhile. A version that does not become healthy is taken back.
    /// </summary>
    protected override Task<InstanceGroupManager> SettleAsync(
        CloudApi api, InstanceGroupManager actual, Observed seen, Action<string> waiting, CancellationToken cancellationToken) =>
        new GroupRollout(this, api, seen, waiting).FollowAsync(actual, cancellationToken);

    protected override string? Detail(InstanceGroupManager actual) => $"{actual.TargetSize} machines";

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete managed instance group {name}", (id, call) => api.Cloud.InstanceGroupManagers.DeleteAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list managed instance groups", call => api.Cloud.InstanceGroupManagers.ListAsync(
            new() { Project = api.Project, Zone = api.Zone }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);
}
