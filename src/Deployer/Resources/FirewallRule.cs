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
    public static readonly ResourceKind ResourceKind = new("firewall rule", DeleteAsync, ListAsync);

    protected override Task<Firewall?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.Firewalls.GetAsync(
            new() { Project = api.Project, Firewall = Name }, call), cancellationToken);

    protected override Firewall Desired(Firewall? actual, Observed seen) => new()
    {
        Name = Name,
        Network = seen.Global("networks", network),
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
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.Firewalls.InsertAsync(
            new() { Project = api.Project, FirewallResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(CloudApi api, Firewall actual, Firewall desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.Firewalls.PatchAsync(
            new() { Project = api.Project, Firewall = Name, FirewallResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(Firewall actual) => $"tcp:{port} from {string.Join(", ", actual.SourceRanges)} to {targetTag}";

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete firewall rule {name}", (id, call) => api.Cloud.Firewalls.DeleteAsync(
            new() { Project = api.Project, Firewall = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list firewall rules", call => api.Cloud.Firewalls.ListAsync(
            new() { Project = api.Project }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);
}
