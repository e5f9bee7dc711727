using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Private Google Access on the region's subnet: without it machines that have no external address cannot read the bucket. It is off by
/// default. The subnet belongs to everyone in the network, so it bears no mark, and the access is left on when the deployment goes.
/// </summary>
internal sealed class SubnetworkAccess(string name, Step step) : Resource<Subnetwork>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new("subnet access", DeleteAsync, ListAsync: null);

    protected override bool Owned => false;

    protected override async Task<Subnetwork?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        await api.FindAsync($"read subnet {Name}", call => api.Cloud.Subnetworks.GetAsync(
            new() { Project = api.Project, Region = api.Region, Subnetwork = Name }, call), cancellationToken);

    protected override string? Missing(Observed seen) =>
        $"cannot be given: the region {seen.Options.Region} has no subnet {Name}. "
        + "Use an auto mode network (--network), or a region where it has a subnet (--zone).";

    protected override Subnetwork Desired(Subnetwork? actual, Observed seen)
    {
        var desired = actual?.Clone() ?? new Subnetwork { Name = Name };
        desired.PrivateIpGoogleAccess = true;
        return desired;
    }

    protected override void Describe(Subnetwork message, FieldList fields) =>
        fields.Add("privateIpGoogleAccess", message.PrivateIpGoogleAccess);

    protected override OwnershipMark? MarkOf(Subnetwork message) => null;

    protected override void SetMark(Subnetwork message, OwnershipMark mark) =>
        throw new InvalidOperationException("A subnet bears no mark.");

    protected override bool CanUpdate(string field) => true;

    protected override Task InsertAsync(CloudApi api, Subnetwork desired, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A subnet is not made here.");

    protected override Task PatchAsync(CloudApi api, Subnetwork actual, Subnetwork desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.Subnetworks.SetPrivateIpGoogleAccessAsync(
            new()
            {
                Project = api.Project,
                Region = api.Region,
                Subnetwork = Name,
                RequestId = id,
                SubnetworksSetPrivateIpGoogleAccessRequestResource = new() { PrivateIpGoogleAccess = true },
            }, call), cancellationToken);

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"The subnet {name} is shared and is never deleted.");

    protected override string? Detail(Subnetwork actual) => $"{actual.IpCidrRange}, Private Google Access";
}
