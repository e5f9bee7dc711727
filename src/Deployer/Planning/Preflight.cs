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

        var all = (await api.ListAsync("list zones", call => api.Cloud.Zones.ListAsync(new ListZonesRequest { Project = api.Project }, call), cancellationToken))
            .Select(found => found.Name).Order(StringComparer.Ordinal).ToList();
        var near = all.Where(name => name.StartsWith(api.Region + "-", StringComparison.Ordinal)).ToList();
        var others = near.Count > 0 ? near : all;
        return new("zone", api.Zone, $"does not exist in project {api.Project}. {(near.Count > 0 ? $"Zones of {api.Region}" : "Zones")}: {string.Join(", ", others)}.");
    }

    /// <summary>Everything that would fail later, at once.</summary>
    public static async Task<IReadOnlyList<SettingProblem>> CheckAsync(PlanInDetail plan, CloudApi api, Observed seen, CancellationToken cancellationToken)
    {
        var options = seen.Options;
        var created = plan.Assessments.Where(pair => pair.Value.Action is PlanAction.Create && pair.Value.Conflict is null).Select(pair => pair.Key).ToList();
        var checks = new List<Task<SettingProblem?>>();
        if (created.OfType<InstanceTemplate>().Any()) checks.Add(CheckMachineTypeAsync("machine-type", options.MachineType, api, cancellationToken));
        if (created.OfType<Instance>().Any()) checks.Add(CheckMachineTypeAsync("frontend-machine-type", options.FrontendMachineType, api, cancellationToken));
        if (created.OfType<InternalAddress>().FirstOrDefault()?.Requested is { } address)
            checks.Add(CheckAddressAsync(address, plan.Assessments.Keys.OfType<SubnetworkAccess>().Select(seen.Of).FirstOrDefault(), api, cancellationToken));
        return [.. (await Task.WhenAll(checks)).OfType<SettingProblem>()];
    }

    private static async Task<SettingProblem?> CheckMachineTypeAsync(string setting, string type, CloudApi api, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync($"read machine type {type}", call => api.Cloud.MachineTypes.GetAsync(
            new GetMachineTypeRequest { Project = api.Project, Zone = api.Zone, MachineType = type }, call), cancellationToken);
        return found is not null ? null
            : new(setting, type, $"is not a machine type of {api.Zone}. `gcloud compute machine-types list --zones {api.Zone}` shows them; e2-medium is everywhere.");
    }

    private static async Task<SettingProblem?> CheckAddressAsync(string address, Subnetwork? subnet, CloudApi api, CancellationToken cancellationToken)
    {
        if (subnet is null) return null;
        if (WhyUnusable(IPAddress.Parse(address), IPNetwork.Parse(subnet.IpCidrRange)) is { } why) return new("address", address, why);

        var addresses = api.ListAsync("list addresses", call => api.Cloud.Addresses.ListAsync(
            new ListAddressesRequest { Project = api.Project, Region = api.Region }, call), cancellationToken);
        var rules = api.ListAsync("list forwarding rules", call => api.Cloud.ForwardingRules.ListAsync(
            new ListForwardingRulesRequest { Project = api.Project, Region = api.Region }, call), cancellationToken);
        var instances = api.ListAsync("list instances", call => api.Cloud.Instances.ListAsync(
            new ListInstancesRequest { Project = api.Project, Zone = api.Zone }, call), cancellationToken);
        var holder = (await addresses).FirstOrDefault(found => found.Address_ == address) is { } reserved ? $"the address {reserved.Name}"
            : (await rules).FirstOrDefault(found => found.IPAddress == address) is { } rule ? $"the forwarding rule {rule.Name}"
            : (await instances).FirstOrDefault(found => found.NetworkInterfaces.Any(network => network.NetworkIP == address)) is { } instance ? $"the instance {instance.Name}"
            : null;
        return holder is null ? null : new("address", address, $"is taken by {holder}. Choose another of {subnet.IpCidrRange}, or free it.");
    }

    /// <summary>Of every subnet the first two addresses and the last two are Google's own (https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet).</summary>
    internal static string? WhyUnusable(IPAddress address, IPNetwork subnet)
    {
        var first = ToNumber(subnet.BaseAddress);
        var last = first + (uint)(1L << (32 - subnet.PrefixLength)) - 1;
        return !subnet.Contains(address) ? $"is outside the region's subnet. Allowed is {ToAddress(first + 2)} to {ToAddress(last - 2)}."
            : ToNumber(address) < first + 2 || ToNumber(address) > last - 2 ? $"is one of the four that Google keeps in every subnet. Allowed is {ToAddress(first + 2)} to {ToAddress(last - 2)}."
            : null;
    }

    private static uint ToNumber(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new(bytes);
    }
}
