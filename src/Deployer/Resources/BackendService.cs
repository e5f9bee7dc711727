using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>Spreads new connections over the healthy machines of a group.</summary>
internal sealed class BackendService : Resource<V1.BackendService>
{
    public static readonly ResourceKind ResourceKind = new(
        "backend service",
        (api, name, cancel) => api.DeleteAsync($"delete backend service {name}", (id, call) => api.Cloud.BackendServices.DeleteAsync(
            new DeleteRegionBackendServiceRequest { Project = api.Project, Region = api.Region, BackendService = name, RequestId = id }, call), cancel),
        async (api, cancel) => (await api.ListAsync("list backend services", call => api.Cloud.BackendServices.ListAsync(
            new ListRegionBackendServicesRequest { Project = api.Project, Region = api.Region }, call), cancel)).Select(found => new FoundResource(found.Name, OwnershipMark.Parse(found.Description))))
    {
        UsedBy = [ForwardingRule.ResourceKind],
    };

    private readonly ManagedInstanceGroup _group;
    private readonly HealthCheck _healthCheck;

    public BackendService(string name, Step step, ManagedInstanceGroup group, HealthCheck healthCheck) : base(ResourceKind, name, step)
    {
        _group = group;
        _healthCheck = healthCheck;
        Uses = [group, healthCheck];
    }

    /// <summary>The group as the load balancer knows it: the unmanaged twin of the same name.</summary>
    public string GroupLink(CloudApi api) => api.Zonal("instanceGroups", _group.Name);

    protected override Task<V1.BackendService?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.BackendServices.GetAsync(
            new GetRegionBackendServiceRequest { Project = api.Project, Region = api.Region, BackendService = Name }, call), cancellationToken);

    protected override V1.BackendService Desired(V1.BackendService? actual, Observed seen)
    {
        var project = seen.Options.Project;
        var desired = new V1.BackendService
        {
            Name = Name,
            LoadBalancingScheme = "INTERNAL",
            Protocol = "TCP",
            HealthChecks = { Link.To($"projects/{project}/global/healthChecks/{_healthCheck.Name}") },
            Backends = { new Backend { Group = Link.To($"projects/{project}/zones/{seen.Options.Zone}/instanceGroups/{_group.Name}"), BalancingMode = "CONNECTION" } },
            // A machine that leaves finishes what it has begun. An answer takes milliseconds; ten seconds let the slowest client's end well.
            ConnectionDraining = new ConnectionDraining { DrainingTimeoutSec = 10 },
        };
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
            new InsertRegionBackendServiceRequest { Project = api.Project, Region = api.Region, BackendServiceResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(
        CloudApi api, V1.BackendService actual, V1.BackendService desired, IReadOnlyList<FieldDifference> differences, CancellationToken cancellationToken) =>
        api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.BackendServices.PatchAsync(
            new PatchRegionBackendServiceRequest { Project = api.Project, Region = api.Region, BackendService = Name, BackendServiceResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(V1.BackendService actual) => $"internal TCP, backends {_group.Name}";
}
