using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// The internal load balancer's address and port. The API has hardly any change for it: another address or port is another rule.
/// </summary>
internal sealed class ForwardingRule : Resource<V1.ForwardingRule>
{
    public static readonly ResourceKind ResourceKind = new("forwarding rule", DeleteAsync, ListAsync);

    private readonly string _network;
    private readonly int _port;
    private readonly BackendService _service;
    private readonly ReservedAddress _address;

    public ForwardingRule(
        string name, Step step, string network, int port, BackendService service, ReservedAddress address) : base(ResourceKind, name, step)
    {
        _network = network;
        _port = port;
        _service = service;
        _address = address;
        Uses = [service, address];
    }

    protected override Task<V1.ForwardingRule?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.ForwardingRules.GetAsync(
            new() { Project = api.Project, Region = api.Region, ForwardingRule = Name }, call), cancellationToken);

    protected override V1.ForwardingRule Desired(V1.ForwardingRule? actual, Observed seen) => new()
    {
        Name = Name,
        LoadBalancingScheme = "INTERNAL",
        IPAddress = seen.Of(_address)?.Address_ ?? "",
        IPProtocol = "TCP",
        Ports = { _port.ToString() },
        Network = seen.Global("networks", _network),
        Subnetwork = seen.Regional("subnetworks", _network),
        BackendService = seen.Regional("backendServices", _service.Name),
    };

    protected override void Describe(V1.ForwardingRule message, FieldList fields) => fields
        .Add("loadBalancingScheme", message.LoadBalancingScheme)
        .Add("IPAddress", message.IPAddress)
        .Add("IPProtocol", message.IPProtocol)
        .AddSet("ports", message.Ports)
        .AddLink("network", message.Network)
        .AddLink("backendService", message.BackendService);

    protected override OwnershipMark? MarkOf(V1.ForwardingRule message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(V1.ForwardingRule message, OwnershipMark mark) => message.Description = mark.ToString();

    // A description cannot be changed.
    protected override bool CanMark => false;

    protected override Task InsertAsync(CloudApi api, V1.ForwardingRule desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.ForwardingRules.InsertAsync(
            new() { Project = api.Project, Region = api.Region, ForwardingRuleResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(V1.ForwardingRule actual) => $"{actual.IPAddress}:{_port}";

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete forwarding rule {name}", (id, call) => api.Cloud.ForwardingRules.DeleteAsync(
            new() { Project = api.Project, Region = api.Region, ForwardingRule = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list forwarding rules", call => api.Cloud.ForwardingRules.ListAsync(
            new() { Project = api.Project, Region = api.Region }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);
}
