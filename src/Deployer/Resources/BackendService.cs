using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Spreads new connections over the healthy machines of a group. It is made, and the forwarding rule before it, while the group is made, and
/// gets the group when that is there: each of the three takes Google ten seconds.
/// </summary>
internal sealed class BackendService : Resource<V1.BackendService>
{
    public static readonly ResourceKind ResourceKind = new("backend service", DeleteAsync, ListAsync)
    {
        UsedBy = [ForwardingRule.ResourceKind],
    };

    private readonly ManagedInstanceGroup _group;
    private readonly HealthCheck _healthCheck;

    public BackendService(string name, Step step, ManagedInstanceGroup group, HealthCheck healthCheck) : base(ResourceKind, name, step)
    {
        _group = group;
        _healthCheck = healthCheck;
        Uses = [healthCheck];
        SettlesAfter = [group];
    }

    /// <summary>The group as the load balancer knows it: the unmanaged twin of the same name.</summary>
    public string GroupLink(Observed seen) => seen.Zonal("instanceGroups", _group.Name);

    protected override Task<V1.BackendService?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.BackendServices.GetAsync(
            new() { Project = api.Project, Region = api.Region, BackendService = Name }, call), cancellationToken);

    protected override V1.BackendService Desired(V1.BackendService? actual, Observed seen)
    {
        var desired = new V1.BackendService
        {
            Name = Name,
            LoadBalancingScheme = "INTERNAL",
            Protocol = "TCP",
            HealthChecks = { seen.Global("healthChecks", _healthCheck.Name) },
            // A machine that leaves finishes what it has begun. Answers take milliseconds, and nobody waits for one longer than the frontend: four seconds.
            ConnectionDraining = new ConnectionDraining { DrainingTimeoutSec = 5 },
        };
        if (actual is not null || seen[_group] is not null) desired.Backends.Add(new Backend { Group = GroupLink(seen), BalancingMode = "CONNECTION" });
        if (actual?.HasFingerprint is true) desired.Fingerprint = actual.Fingerprint;
        return desired;
    }

    protected override void Describe(V1.BackendService message, FieldList fields) => fields
        .Add("loadBalancingScheme", message.LoadBalancingScheme)
        .Add("protocol", message.Protocol)
        .AddSet("healthChecks", message.HealthChecks.Select(Link.WithoutBase))
        .AddSet("backends.group", message.Backends.Select(backend => Link.WithoutBase(backend.Group)))
        .AddSet("backends.balancingMode", message.Backends.Select(backend => backend.BalancingMode))
        .Add("connectionDraining.drainingTimeoutSec", message.ConnectionDraining?.DrainingTimeoutSec);

    protected override OwnershipMark? MarkOf(V1.BackendService message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(V1.BackendService message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool CanUpdate(string field) => field is not ("loadBalancingScheme" or "protocol");

    protected override Task InsertAsync(CloudApi api, V1.BackendService desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.BackendServices.InsertAsync(
            new() { Project = api.Project, Region = api.Region, BackendServiceResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(CloudApi api, V1.BackendService actual, V1.BackendService desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.BackendServices.PatchAsync(
            new() { Project = api.Project, Region = api.Region, BackendService = Name, BackendServiceResource = desired, RequestId = id },
            call), cancellationToken);

    protected override async Task<V1.BackendService> SettleAsync(
        CloudApi api, V1.BackendService actual, Observed seen, Action<string> waiting, CancellationToken cancellationToken)
    {
        if (Assess(actual, seen).Action is not PlanAction.Update) return actual;
        var assessment = Assess(await ReadAsync(api, seen, cancellationToken), seen);
        return assessment is { Action: PlanAction.Update, Conflict: null }
            ? (V1.BackendService)await UpdateAsync(api, seen, assessment, cancellationToken) : actual;
    }

    protected override string? Detail(V1.BackendService actual) => $"internal TCP, backends {_group.Name}";

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete backend service {name}", (id, call) => api.Cloud.BackendServices.DeleteAsync(
            new() { Project = api.Project, Region = api.Region, BackendService = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list backend services", call => api.Cloud.BackendServices.ListAsync(
            new() { Project = api.Project, Region = api.Region }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);
}
