using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>An internal address that is kept for the load balancer. Without it any new machine of the subnet may get the address first.</summary>
/// <param name="name">Its name.</param>
/// <param name="step">The task it belongs to.</param>
/// <param name="network">The network; its subnet bears the same name.</param>
/// <param name="address">The address; null for one that Google picks.</param>
internal sealed class InternalAddress(string name, Step step, string network, string? address) : Resource<Address>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new(
        "internal address",
        (api, name, cancel) => api.DeleteAsync($"delete internal address {name}", (id, call) => api.Cloud.Addresses.DeleteAsync(
            new DeleteAddressRequest { Project = api.Project, Region = api.Region, Address = name, RequestId = id }, call), cancel),
        async (api, cancel) => (await api.ListAsync("list addresses", call => api.Cloud.Addresses.ListAsync(
            new ListAddressesRequest { Project = api.Project, Region = api.Region }, call), cancel)).Select(found => new FoundResource(found.Name, OwnershipMark.Parse(found.Description))))
    {
        UsedBy = [ForwardingRule.ResourceKind],
    };

    /// <summary>The address that was asked for.</summary>
    public string? Requested => address;

    protected override Task<Address?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.Addresses.GetAsync(
            new GetAddressRequest { Project = api.Project, Region = api.Region, Address = Name }, call), cancellationToken);

    protected override Address Desired(Address? actual, Observed seen)
    {
        var desired = new Address
        {
            Name = Name,
            AddressType = "INTERNAL",
            Purpose = "GCE_ENDPOINT",
            Subnetwork = Link.To($"projects/{seen.Options.Project}/regions/{seen.Options.Region}/subnetworks/{network}"),
        };
        if (address is not null) desired.Address_ = address;
        return desired;
    }

    protected override void Describe(Address message, FieldList fields)
    {
        fields.Add("addressType", message.AddressType).AddLink("subnetwork", message.Subnetwork);
        if (address is not null) fields.Add("address", message.Address_);
    }

    protected override OwnershipMark? MarkOf(Address message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(Address message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool ReadAfterCreate => address is null;

    protected override Task InsertAsync(CloudApi api, Address desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.Addresses.InsertAsync(
            new InsertAddressRequest { Project = api.Project, Region = api.Region, AddressResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(Address actual) => actual.Address_;
}
