using System.Net;
using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>What only the cloud knows of the settings, asked before anything is made, and only for what is going to be made.</summary>
internal static class Preflight
{
    /// <summary>What is wrong with the zone, with those that could be meant; null when it is there.</summary>
    public static async Task<SettingProblem?> CheckZoneAsync(CloudApi api, CancellationToken cancellationToken)
    {
        var zone = await api.FindAsync($"read zone {api.Zone}", call => api.Cloud.Zones.GetAsync(
            new GetZoneRequest { Project = api.Project, Zone = api.Zone }, call), cancellationToken);
        if (zone is not null) return null;

        var all = (await api.ListAsync("list zones", call =>
            api.Cloud.Zones.ListAsync(new ListZonesRequest { Project = api.Project }, call), cancellationToken))
            .Select(found => found.Name).Order(StringComparer.Ordinal).ToList();
        var near = all.Where(name => name.StartsWith(api.Region + "-", StringComparison.Ordinal)).ToList();
        var others = near.Count > 0 ? near : all;
        var whose = near.Count > 0 ? $"Zones of {api.Region}" : "Zones";
        return new("zone", api.Zone, $"does not exist in project {api.Project}. {whose}: {string.Join(", ", others)}.");
    }

    /// <summary>What can be told of the address although the zone is wrong: the subnet is the region's.</summary>
    public static async Task<IReadOnlyList<SettingProblem>> CheckWithoutZoneAsync(
        DeploymentOptions options, CloudApi api, CancellationToken cancellationToken)
    {
        if (options.RequestedAddress is not { } address) return [];
        var subnet = await api.FindAsync($"read subnet {options.Network}", call => api.Cloud.Subnetworks.GetAsync(
            new() { Project = api.Project, Region = api.Region, Subnetwork = options.Network }, call), cancellationToken);
        return subnet is not null && WhyUnusable(IPAddress.Parse(address), IPNetwork.Parse(subnet.IpCidrRange)) is { } why
            ? [new("address", address, why)] : [];
    }

    /// <summary>Everything that would fail later, at once.</summary>
    public static async Task<IReadOnlyList<SettingProblem>> CheckAsync(
        PlanInDetail plan, Inventory inventory, CloudApi api, Observed seen, CancellationToken cancellationToken)
    {
        var options = seen.Options;
        var created = (from pair in plan.Assessments where pair.Value is { Action: PlanAction.Create, Conflict: null } select pair.Key).ToList();
        var checks = new List<Task<SettingProblem?>>();
        if (created.OfType<InstanceTemplate>().Any())
            checks.Add(CheckMachineTypeAsync("machine-type", options.MachineType, api, cancellationToken));
        if (created.OfType<Instance>().Any())
            checks.Add(CheckMachineTypeAsync("frontend-machine-type", options.FrontendMachineType, api, cancellationToken));
        if (created.OfType<InternalAddress>().FirstOrDefault()?.Requested is { } address
            && plan.Assessments.Keys.OfType<SubnetworkAccess>().Select(seen.Of).FirstOrDefault() is { } subnet)
            checks.Add(CheckAddressAsync(address, subnet.IpCidrRange, inventory));
        return [.. (await Task.WhenAll(checks)).OfType<SettingProblem>()];
    }

    private static async Task<SettingProblem?> CheckMachineTypeAsync(
        string setting, string type, CloudApi api, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync($"read machine type {type}", call => api.Cloud.MachineTypes.GetAsync(
            new() { Project = api.Project, Zone = api.Zone, MachineType = type }, call), cancellationToken);
        if (found is not null) return null;
        var command = $"`gcloud compute machine-types list --zones {api.Zone}`";
        return new(setting, type, $"is not a machine type of {api.Zone}. {command} shows them; e2-medium is everywhere.");
    }

    private static async Task<SettingProblem?> CheckAddressAsync(string address, string range, Inventory inventory)
    {
        if (WhyUnusable(IPAddress.Parse(address), IPNetwork.Parse(range)) is { } why) return new("address", address, why);
        var holder = await HolderOfAsync(address, inventory);
        return holder is null ? null : new("address", address, $"is taken by {holder}. Choose another of {range}, or free it.");
    }

    /// <summary>Who has the address: a reservation, a load balancer or a machine of the zone; null when none of them does.</summary>
    private static async Task<string?> HolderOfAsync(string address, Inventory inventory)
    {
        async Task<IEnumerable<T>> AllAsync<T>(ResourceKind kind) => (await inventory.AllAsync(kind)).Select(found => (T)found.Message);
        IEnumerable<string> holders =
        [
            .. from found in await AllAsync<Address>(InternalAddress.ResourceKind) where found.Address_ == address select $"the address {found.Name}",
            .. from found in await AllAsync<Google.Cloud.Compute.V1.ForwardingRule>(ForwardingRule.ResourceKind) where found.IPAddress == address select $"the forwarding rule {found.Name}",
            .. from found in await AllAsync<Google.Cloud.Compute.V1.Instance>(Instance.ResourceKind)
               where found.NetworkInterfaces.Any(network => network.NetworkIP == address)
               select $"the instance {found.Name}",
        ];
        return holders.FirstOrDefault();
    }

    /// <summary>
    /// Of every subnet the first two addresses and the last two are Google's own
    /// (https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet).
    /// </summary>
    internal static string? WhyUnusable(IPAddress address, IPNetwork subnet)
    {
        var first = ToNumber(subnet.BaseAddress);
        var last = first + (uint)(1L << (32 - subnet.PrefixLength)) - 1;
        return !subnet.Contains(address) ? $"is outside the region's subnet. Allowed is {ToAddress(first + 2)} to {ToAddress(last - 2)}."
            : ToNumber(address) < first + 2
                || ToNumber(address) > last - 2
                    ? $"is one of the four that Google keeps in every subnet. Allowed is {ToAddress(first + 2)} to {ToAddress(last - 2)}."
            : null;
    }

    private static uint ToNumber(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new(bytes);
    }
}
