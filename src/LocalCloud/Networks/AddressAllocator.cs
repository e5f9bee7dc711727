using System.Buffers.Binary;
using System.Net;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Networks;

/// <summary>
/// Internal addresses of a subnetwork. There is no table of what is taken: reserved addresses, forwarding rules and instances say it themselves,
/// so that nothing can disagree. Call it inside <see cref="DocumentStore.Transact{T}"/> together with the insert that uses the address.
/// </summary>
internal static class AddressAllocator
{
    /// <summary>The lowest free address, or null when the range is used up.</summary>
    public static IPAddress? Allocate(DocumentStore store, ResourceName subnetwork)
    {
        if (RangeOf(store, subnetwork) is not { } range)
            return null;
        var taken = new HashSet<uint>();
        foreach (var (address, _) in Used(store, subnetwork))
            taken.Add(ToNumber(address));
        var (first, last) = Usable(range);
        for (var candidate = first; candidate <= last; candidate++)
        {
            if (!taken.Contains(candidate))
                return ToAddress(candidate);
        }
        return null;
    }

    /// <summary>Who has the address in this subnetwork; null when nobody has. A reservation in use counts as its user's.</summary>
    public static ResourceName? UserOf(DocumentStore store, ResourceName subnetwork, IPAddress address) =>
        Used(store, subnetwork).Where(u => u.Address.Equals(address)).OrderBy(u => u.User.Collection == "addresses").Select(u => (ResourceName?)u.User).FirstOrDefault();

    /// <summary>The reservation of the address in this subnetwork; null when it is not reserved.</summary>
    public static ResourceName? ReservationOf(DocumentStore store, ResourceName subnetwork, IPAddress address) =>
        Used(store, subnetwork).Where(u => u.User.Collection == "addresses" && u.Address.Equals(address)).Select(u => (ResourceName?)u.User).FirstOrDefault();

    /// <summary>False for addresses outside the range and for the four that no one can have: network, gateway, and the last two.</summary>
    public static bool IsUsable(IPNetwork range, IPAddress address)
    {
        var (first, last) = Usable(range);
        return ToNumber(address) is var number && number >= first && number <= last;
    }

    /// <summary>The subnetwork's primary range; null when it does not exist.</summary>
    public static IPNetwork? RangeOf(DocumentStore store, ResourceName subnetwork) =>
        store.Find(subnetwork)?.Text("ipCidrRange") is { } text && IPNetwork.TryParse(text, out var range) ? range : null;

    /// <summary>The second address of the range, which is the router's.</summary>
    public static IPAddress GatewayOf(IPNetwork range) => ToAddress(ToNumber(range.BaseAddress) + 1);

    private static IEnumerable<(IPAddress Address, ResourceName User)> Used(DocumentStore store, ResourceName subnetwork)
    {
        var link = subnetwork.Link;
        foreach (var (name, json) in store.List("addresses"))
        {
            if (json.Text("subnetwork") == link && IPAddress.TryParse(json.Text("address"), out var address))
                yield return (address, name);
        }
        foreach (var (name, json) in store.List("forwardingRules"))
        {
            if (json.Text("subnetwork") == link && IPAddress.TryParse(json.Text("IPAddress"), out var address))
                yield return (address, name);
        }
        foreach (var (name, json) in store.List("instances"))
        {
            foreach (var nic in json.Objects("networkInterfaces"))
            {
                if (nic.Text("subnetwork") == link && IPAddress.TryParse(nic.Text("networkIP"), out var address))
                    yield return (address, name);
            }
        }
    }

    private static (uint First, uint Last) Usable(IPNetwork range)
    {
        var network = ToNumber(range.BaseAddress);
        var size = 1u << Math.Min(31, 32 - range.PrefixLength);
        return (network + 2, network + size - 3);
    }

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.MapToIPv4().GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
