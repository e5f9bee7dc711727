using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>Lets TCP connections to one port in, from certain addresses to machines of a certain tag.</summary>
/// <param name="name">Its name.</param>
/// <param name="step">The task it belongs to.</param>
/// <param name="network">The VPC network.</param>
/// <param name="port">The port.</param>
/// <param name="sources">The addresses; null for those of <paramref name="subnet"/>.</param>
/// <param name="subnet">Whose addresses may come in; null where <paramref name="sources"/> are given.</param>
/// <param name="targetTag">The machines' tag.</param>
internal sealed class FirewallRule(
    string name, Step step, string network, int port, IReadOnlyList<string>? sources, SubnetworkAccess? subnet, string targetTag)
    : Resource<Firewall>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new(
        "firewall rule",
        (api, name, cancel) => api.DeleteAsync($"delete firewall rule {name}", (id, call) =>
            api.Cloud.Firewalls.DeleteAsync(new DeleteFirewallRequest { Project = api.Project, Firewall = name, RequestId = id }, call), cancel),
        async (api, cancel) => (await api.ListAsync("list firewall rules", call =>
            api.Cloud.Firewalls.ListAsync(new ListFirewallsRequest { Project = api.Project }, call), cancel)).Select(found => new FoundResource(found.Name, OwnershipMark.Parse(found.Description))));

    protected override Task<Firewall?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.Firewalls.GetAsync(new GetFirewallRequest { Project = api.Project, Firewall = Name }, call), cancellationToken);

    protected override Firewall Desired(Firewall? actual, Observed seen) => new()
    {
        Name = Name,
        Network = Link.To($"projects/{seen.Options.Project}/global/networks/{network}"),
        Direction = "INGRESS",
        Priority = 1000,
        Disabled = false,
        Allowed = { new Allowed { IPProtocol = "tcp", Ports = { port.ToString() } } },
        SourceRanges = { sources ?? (seen.Of(subnet!) is { } found ? [found.IpCidrRange] : []) },
        TargetTags = { targetTag },
    };

    protected override void Describe(Firewall message, FieldList fields) => fields
        .AddLink("network", message.Network)
        .Add("direction", message.Direction)
        .Add("priority", message.Priority)
        .Add("disabled", message.Disabled)
        .AddSet("allowed", message.Allowed.Select(allowed => $"{allowed.IPProtocol}:{string.Join('/', allowed.Ports)}"))
        .AddSet("sourceRanges", message.SourceRanges)
        .AddSet("targetTags", message.TargetTags);

    protected override OwnershipMark? MarkOf(Firewall message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(Firewall message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool CanUpdate(string field) => field is not ("network" or "direction");

    protected override Task InsertAsync(CloudApi api, Firewall desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) =>
            api.Cloud.Firewalls.InsertAsync(new InsertFirewallRequest { Project = api.Project, FirewallResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(CloudApi api, Firewall actual, Firewall desired, IReadOnlyList<FieldDifference> differences, CancellationToken cancellationToken) =>
        api.MutateAsync($"update {this}", CallKind.Write, (id, call) =>
            api.Cloud.Firewalls.PatchAsync(new PatchFirewallRequest { Project = api.Project, Firewall = Name, FirewallResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(Firewall actual) => $"tcp:{port} from {string.Join(", ", actual.SourceRanges)} to {targetTag}";
}
