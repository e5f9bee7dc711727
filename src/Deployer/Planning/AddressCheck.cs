using System.Buffers.Binary;
using System.Net;
using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>Whether the load balancer can have the address that is asked for.</summary>
internal static class AddressCheck
{
    /// <param name="address">The wanted address.</param>
    /// <param name="range">The subnet's.</param>
    /// <param name="inventory">What there is; null where that is not known, because the zone is wrong.</param>
    /// <returns>Null when it can.</returns>
    public static async Task<SettingProblem?> RunAsync(string address, string range, Inventory? inventory)
    {
        if (WhyUnusable(IPAddress.Parse(address), IPNetwork.Parse(range)) is { } why) return new("address", address, why);
        var holder = inventory is null ? null : await HolderOfAsync(address, inventory);
        return holder is null ? null : new("address", address, $"is taken by {holder}. Choose another of {range}, or free it.");
    }

    /// <summary>
    /// Of every subnet the first two addresses and the last two are Google's own
    /// (https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet).
    /// </summary>
    internal static string? WhyUnusable(IPAddress address, IPNetwork subnet)
    {
        var first = ToNumber(subnet.BaseAddress);
        var last = first + (uint)(1L << (32 - subnet.PrefixLength)) - 1;
        var allowed = $"Allowed is {ToAddress(first + 2)} to {ToAddress(last - 2)}.";
        return !subnet.Contains(address) ? $"is outside the region's subnet. {allowed}"
            : ToNumber(address) < first + 2 || ToNumber(address) > last - 2
                ? $"is one of the four that Google keeps in every subnet. {allowed}" : null;
    }

    /// <summary>Who has the address: a reservation, a load balancer or a machine of the zone; null when none of them does.</summary>
    private static async Task<string?> HolderOfAsync(string address, Inventory inventory)
    {
        async Task<IEnumerable<T>> AllAsync<T>(ResourceKind kind) => (await inventory.AllAsync(kind)).Select(found => (T)found.Message);
        IEnumerable<string> holders =
        [
            .. from found in await AllAsync<Address>(ReservedAddress.ResourceKind) where found.Address_ == address select $"the address {found.Name}",
            .. from found in await AllAsync<Google.Cloud.Compute.V1.ForwardingRule>(ForwardingRule.ResourceKind) where found.IPAddress == address select $"the forwarding rule {found.Name}",
            .. from found in await AllAsync<Google.Cloud.Compute.V1.Instance>(Instance.ResourceKind)
               where found.NetworkInterfaces.Any(network => network.NetworkIP == address)
               select $"the instance {found.Name}",
        ];
        return holders.FirstOrDefault();
    }

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new(bytes);
    }
}
