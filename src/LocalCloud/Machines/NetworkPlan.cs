using System.Net;

namespace PrimeDeploy.LocalCloud.Machines;

/// <summary>
/// One VPC network as the kernel has to make it: names, tags and links are resolved to machines and addresses already.
/// A pure function of the documents; see <c>Control/NetworkPlanner</c>.
/// </summary>
/// <param name="Id">Unique on this server, at most 8 characters of [a-z0-9]; it names kernel objects.</param>
/// <param name="Gateways">The router's own address in each subnet that is in use.</param>
/// <param name="Ports">Every machine that is or is to be on the network.</param>
/// <param name="Firewall">Rules in order of evaluation (priority, then deny before allow); the implied rules (deny ingress, allow egress) follow the last one.</param>
/// <param name="LoadBalancers">Internal passthrough load balancers.</param>
internal sealed record NetworkPlan(
    string Id,
    IReadOnlyList<IPAddress> Gateways,
    IReadOnlyList<MachinePort> Ports,
    IReadOnlyList<FirewallRule> Firewall,
    IReadOnlyList<LoadBalancer> LoadBalancers)
{
    /// <summary>Addresses on the router where proxies of ours listen for the network's machines.</summary>
    public IReadOnlyList<ProxyPort> Proxies { get; init; } = [];

    /// <summary>Where those proxies' own connections come from.</summary>
    public IReadOnlyList<IPNetwork> ProxyRanges { get; init; } = [];
}

/// <param name="Clients">The machines that may connect; null for every one.</param>
internal sealed record ProxyPort(IPAddress Address, int Port, IReadOnlyList<string>? Clients);

/// <param name="GoogleAccess">May reach Google's APIs: its subnet has Private Google Access, or it has an external address. The metadata server is always reachable.</param>
/// <param name="ForwardedAddresses">Load balancer addresses that the guest agent has to make local on the machine, so that it accepts packets for them.</param>
internal sealed record MachinePort(string MachineId, IPAddress Address, bool GoogleAccess, IReadOnlyList<IPAddress> ForwardedAddresses);

internal enum Direction { Ingress, Egress }

/// <param name="Machines">The machines that it applies to (target tags resolved); null for every machine of the network.</param>
/// <param name="Peers">Sources of an ingress rule (ranges, and the machines of source tags as /32), destinations of an egress rule.</param>
/// <param name="Protocols">What it matches; empty for every protocol.</param>
internal sealed record FirewallRule(
    string Name, Direction Direction, bool Allow, IReadOnlyList<string>? Machines,
    IReadOnlyList<IPNetwork> Peers, IReadOnlyList<ProtocolPorts> Protocols);

/// <param name="Protocol">tcp, udp, icmp, or a protocol number.</param>
/// <param name="Ports">Inclusive ranges; empty for all.</param>
internal sealed record ProtocolPorts(string Protocol, IReadOnlyList<PortRange> Ports);

internal readonly record struct PortRange(int First, int Last);

/// <param name="Ports">Empty for all ports.</param>
/// <param name="Backends">
/// The machines that new connections are spread over by a hash of the 5-tuple: the healthy ones, or all of them when none is healthy.
/// Established connections stay on these machines.
/// </param>
internal sealed record LoadBalancer(IPAddress Address, string Protocol, IReadOnlyList<int> Ports, IReadOnlyList<string> Backends)
{
    /// <summary>
    /// Other machines that keep the connections that they have and get no new ones: unhealthy ones, and those that drain. Connections of any
    /// further machine are sent to a backend, which knows nothing of them and says so to the client.
    /// </summary>
    public IReadOnlyList<string> Keepers { get; init; } = [];

    /// <summary>What of a packet chooses the backend of a new connection.</summary>
    public Affinity Affinity { get; init; }
}

/// <summary>In the words of <c>sessionAffinity</c>: NONE and CLIENT_IP_PORT_PROTO are the 5-tuple, CLIENT_IP and CLIENT_IP_PROTO both addresses, CLIENT_IP_NO_DESTINATION the client's.</summary>
internal enum Affinity { FiveTuple, BothAddresses, Client }
