using System.Globalization;
using System.Net;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// A network's firewall and load balancers as nftables rules for its router. A pure function; loading the text replaces what was there in one transaction.
/// A packet from a machine is judged when it arrives at the router, a packet to a machine when it leaves, each by the machine's link and not by address:
/// a load balancer's packet has the load balancer's address as destination.
/// </summary>
/// <param name="plan">The network.</param>
/// <param name="marks">The mark of each machine: packets that bear it are routed to that machine.</param>
internal sealed class FirewallRuleset(NetworkPlan plan, IReadOnlyDictionary<string, int> marks)
{
    private readonly StringBuilder _text = new();

    /// <summary>The whole input for <c>nft -f -</c>.</summary>
    public override string ToString()
    {
        if (_text.Length > 0)
            return _text.ToString();

        Line("add table ip primedeploy");
        Line("delete table ip primedeploy");
        Line("table ip primedeploy {");
        Balance();
        FromMachines();
        ToRouter();
        ToMachines();
        Line("}");
        return _text.ToString();
    }

    private static string Link(string machineId) => $"\"{RouterLinks.Name(machineId)}\"";

    private static string Set(IEnumerable<string> members) => $"{{ {string.Join(", ", members)} }}";

    // The backend is chosen once per connection and remembered in the connection's mark; again only when that machine is to have no connections any more.
    private void Balance()
    {
        Line("chain balance {");
        foreach (var balancer in plan.LoadBalancers)
            Balance(balancer);
        Line("}");
        Line("chain balance_forwarded { type filter hook prerouting priority mangle; policy accept", "jump balance", "}");
        Line("chain balance_local { type route hook output priority mangle; policy accept", "meta mark 0 jump balance", "}");
    }

    private void Balance(LoadBalancer balancer)
    {
        var protocol = balancer.Protocol.ToLowerInvariant();
        var ports = balancer.Ports.Count == 0
            ? $"meta l4proto {protocol}"
            : $"{protocol} dport {Set(balancer.Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)))}";
        var match = $"ip daddr {balancer.Address} {ports}";
        var backends = balancer.Backends.Where(marks.ContainsKey).Select((id, index) => $"{index} : {marks[id]}").ToList();
        var settled = balancer.Backends.Concat(balancer.Keepers).Distinct(StringComparer.Ordinal).Where(marks.ContainsKey).Select(id => $"{marks[id]}").ToList();
        var homeless = settled.Count == 0 ? match : $"{match} ct mark != {Set(settled)}";
        if (backends.Count == 0)
            Line($"{homeless} drop");
        else
            Line($"{homeless} ct mark set jhash {Hashed(balancer.Affinity, protocol)} mod {backends.Count} seed 0x7072696d map {Set(backends)}");
        Line($"{match} meta mark set ct mark");
    }

    private static string Hashed(Affinity affinity, string protocol) => affinity switch
    {
        Affinity.BothAddresses => "ip saddr . ip daddr",
        Affinity.Client => "ip saddr",
        _ => $"ip saddr . {protocol} sport . ip daddr . {protocol} dport",
    };

    private void FromMachines()
    {
        Line("chain from_machines { type filter hook prerouting priority filter; policy accept");
        Line($"iifname != \"{RouterLinks.Pattern}\" accept");
        var sources = plan.Ports
            .SelectMany(port => port.ForwardedAddresses.Prepend(port.Address), (port, address) => $"{Link(port.MachineId)} . {address}")
            .Distinct(StringComparer.Ordinal).ToList();
        Line(sources.Count == 0 ? "drop" : $"iifname . ip saddr != {Set(sources)} drop");
        Line("ct state established,related accept");
        Line($"ip daddr {GoogleAddresses.Metadata} accept");
        Rules(Direction.Egress, "iifname", "ip daddr");
        Line("}");
    }

    private void ToRouter()
    {
        Line("chain to_router { type filter hook input priority filter; policy drop");
        Line("iifname \"lo\" accept");
        Line("ct state established,related accept");
        Line($"ip daddr {GoogleAddresses.Metadata} accept");
        var allowed = plan.Ports.Where(port => port.GoogleAccess).Select(port => Link(port.MachineId)).ToList();
        if (allowed.Count > 0)
            Line($"ip daddr {GoogleAddresses.PrivateApis} iifname {Set(allowed)} accept");
        foreach (var proxy in plan.Proxies.Where(proxy => proxy.Clients is not { Count: 0 }))
            Line($"ip daddr {proxy.Address} tcp dport {proxy.Port} iifname {(proxy.Clients is null ? $"\"{RouterLinks.Pattern}\"" : Set(proxy.Clients.Select(Link)))} accept");
        Line("}");
    }

    private void ToMachines()
    {
        Line("chain to_machines { type filter hook postrouting priority filter; policy drop");
        Line("oifname \"lo\" accept");
        Line("ct state established,related accept");
        Rules(Direction.Ingress, "oifname", "ip saddr");
        Line("}");
    }

    private void Rules(Direction direction, string link, string peer)
    {
        foreach (var rule in plan.Firewall.Where(rule => rule.Direction == direction && rule.Peers.Count > 0 && rule.Machines is not { Count: 0 }))
        {
            var machines = rule.Machines is null ? "" : $"{link} {Set(rule.Machines.Select(Link))} ";
            var peers = rule.Peers.Any(range => range.PrefixLength == 0) ? "" : $"{peer} {Set(Merge(rule.Peers))} ";
            foreach (var protocol in rule.Protocols.Count == 0 ? [""] : rule.Protocols.Select(Match))
                Line($"{machines}{peers}{protocol}{(rule.Allow ? "accept" : "drop")}");
        }
    }

    // nft refuses a set whose ranges overlap.
    private static IEnumerable<string> Merge(IReadOnlyList<IPNetwork> ranges)
    {
        var distinct = ranges.Distinct().ToList();
        return distinct
            .Where(range => !distinct.Any(other => other.PrefixLength < range.PrefixLength && other.Contains(range.BaseAddress)))
            .Select(range => range.ToString());
    }

    private static string Match(ProtocolPorts protocol)
    {
        var name = protocol.Protocol.ToLowerInvariant();
        if (protocol.Ports.Count == 0 || name is not ("tcp" or "udp" or "sctp"))
            return name == "all" ? "" : $"meta l4proto {Number(name)} ";

        var ranges = protocol.Ports.OrderBy(range => range.First).Aggregate(new List<PortRange>(), (merged, next) =>
        {
            if (merged.Count > 0 && next.First <= merged[^1].Last + 1)
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, next.Last) };
            else
                merged.Add(next);
            return merged;
        });
        return $"{name} dport {Set(ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"))} ";
    }

    // By number, as a host without /etc/protocols knows no names.
    private static string Number(string protocol) => protocol switch
    {
        "icmp" => "1",
        "ipip" => "4",
        "tcp" => "6",
        "udp" => "17",
        "esp" => "50",
        "ah" => "51",
        "sctp" => "132",
        var number => number,
    };

    private void Line(params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
            _text.Append(line).Append('\n');
    }
}
