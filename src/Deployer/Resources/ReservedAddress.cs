using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// An address that is kept for who uses it, however often that is made anew. An internal one any new machine of the subnet may get first
/// otherwise; an external one would be another each time.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="step">The task it belongs to.</param>
/// <param name="network">The network, whose subnet bears the same name; null for an address in the internet.</param>
/// <param name="address">The address; null for one that Google picks, as it always does in the internet.</param>
internal sealed class ReservedAddress(string name, Step step, string? network, string? address) : Resource<Address>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new("address", DeleteAsync, ListAsync)
    {
        UsedBy = [ForwardingRule.ResourceKind, Instance.ResourceKind],
    };

    /// <summary>The address that was asked for.</summary>
    public string? Requested => address;

    /// <summary>Whether it is one of the internet.</summary>
    public bool IsExternal => network is null;

    protected override Task<Address?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.Addresses.GetAsync(
            new() { Project = api.Project, Region = api.Region, Address = Name }, call), cancellationToken);

    protected override Address Desired(Address? actual, Observed seen)
    {
        if (network is null) return new() { Name = Name, AddressType = "EXTERNAL" };
        var desired = new Address
        {
            Name = Name,
            AddressType = "INTERNAL",
            Purpose = "GCE_ENDPOINT",
            Subnetwork = seen.Regional("subnetworks", network),
        };
        if (address is not null) desired.Address_ = address;
        return desired;
    }

    protected override void Describe(Address message, FieldList fields)
    {
        fields.Add("addressType", message.AddressType);
        if (network is not null) fields.AddLink("subnetwork", message.Subnetwork);
        if (address is not null) fields.Add("address", message.Address_);
    }

    protected override OwnershipMark? MarkOf(Address message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(Address message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool ReadAfterChange => address is null;

    // A description cannot be changed.
    protected override bool CanMark => false;

    protected override Task InsertAsync(CloudApi api, Address desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.Addresses.InsertAsync(
            new() { Project = api.Project, Region = api.Region, AddressResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(Address actual) => actual.Address_;

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete address {name}", (id, call) => api.Cloud.Addresses.DeleteAsync(
            new() { Project = api.Project, Region = api.Region, Address = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list addresses", call => api.Cloud.Addresses.ListAsync(
            new() { Project = api.Project, Region = api.Region }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);
}
