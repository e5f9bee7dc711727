using System.Net;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>The link of each machine: <c>eth0</c> on the machine, a name that tells the machine on the router.</summary>
internal static class RouterLinks
{
    /// <summary>Matches the links of machines, as an interface name in nftables.</summary>
    public const string Pattern = "m-*";

    /// <summary>Where packets go that nobody has a route for: they are dropped there without an answer, as on Google's network.</summary>
    public const string Nowhere = "nowhere";

    /// <summary>Google's default for VPC networks.</summary>
    private const int MaximumTransmissionUnit = 1460;

    public static string Name(string machineId) => "m-" + machineId;

    /// <summary>Google's MAC addresses are 42:01 and the IPv4 address.</summary>
    public static string HardwareAddress(IPAddress address) => "42:01:" + BitConverter.ToString(address.GetAddressBytes()).Replace('-', ':').ToLowerInvariant();

    /// <summary>Input for <c>ip -batch -</c> in the machine's namespace. Neighbours are fixed, so that no first packet waits for an answer to "who has".</summary>
    public static string MachineSide(MachineSpec spec, string routerName) => $"""
        link add eth0 address {HardwareAddress(spec.Address)} mtu {MaximumTransmissionUnit} type veth peer name {Name(spec.Id)} address {HardwareAddress(spec.Gateway)} mtu {MaximumTransmissionUnit} netns {routerName}
        link set lo up
        address add {spec.Address}/32 dev eth0
        link set eth0 up
        neighbour replace {spec.Gateway} lladdr {HardwareAddress(spec.Gateway)} dev eth0 nud permanent
        route add {spec.Gateway} dev eth0 scope link
        route add default via {spec.Gateway} dev eth0
        """;

    /// <summary>Input for <c>ip -batch -</c> in the router's namespace. Packets with the machine's mark go to the machine whatever their destination is.</summary>
    public static string RouterSide(MachineSpec spec, int mark) => $"""
        link set {Name(spec.Id)} up
        neighbour replace {spec.Address} lladdr {HardwareAddress(spec.Address)} dev {Name(spec.Id)} nud permanent
        route replace {spec.Address} dev {Name(spec.Id)}
        route replace default via {spec.Address} dev {Name(spec.Id)} onlink table {mark}
        rule add pref 100 fwmark {mark} lookup {mark}
        """;

    /// <summary>Takes the router's side away; what is gone already does not matter (<c>ip -force</c>).</summary>
    public static string RouterSideGone(string machineId, int mark) => $"""
        rule del pref 100 fwmark {mark} lookup {mark}
        link del {Name(machineId)}
        """;

    /// <summary>Makes the machine accept packets for exactly these addresses, as Google's guest agent does (route protocol 66).</summary>
    public static string Forwarded(IEnumerable<IPAddress> addresses) =>
        "route flush table local proto 66\n" + string.Concat(addresses.Select(address => $"route add local {address} dev eth0 table local proto 66\n"));

    /// <summary>Makes the router's own what proxies listen on and come from (route protocol 67), and gives up what they do no longer.</summary>
    /// <param name="before">Null when it is not known, because another server made it.</param>
    public static string Proxies(IReadOnlySet<string>? before, IReadOnlySet<string> wanted) =>
        (before is null ? "route flush table local proto 67\n" : string.Concat(before.Except(wanted, StringComparer.Ordinal).Select(range => $"route del local {range} dev lo table local proto 67\n")))
        + string.Concat(wanted.Except(before ?? new HashSet<string>(), StringComparer.Ordinal).Select(range => $"route add local {range} dev lo table local proto 67\n"));

    /// <summary>The router itself: no way out of the namespace, Google's and the internet's addresses its own.</summary>
    public static string Router() => $"""
        link set lo up
        link add {Nowhere} type bridge
        link set {Nowhere} up
        route add default dev {Nowhere}
        rule add pref 10 fwmark 0/0xffffffff lookup main
        address add {GoogleAddresses.Metadata}/32 dev lo
        {string.Join('\n', GoogleAddresses.Probers.Concat(GoogleAddresses.Internet).Append(GoogleAddresses.PrivateApis).Select(range => $"route add local {range} dev lo"))}
        """;
}
