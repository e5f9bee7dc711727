using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>
/// Resolves the tags and service accounts of firewall rules to machines and addresses, and puts the rules into the order of evaluation.
/// Semantics: https://cloud.google.com/firewall/docs/firewalls.
/// </summary>
internal static class FirewallPlanner
{
    private const int DefaultPriority = 1000;
    private static readonly IPNetwork Everywhere = new(IPAddress.Any, 0);

    /// <param name="network">Rules of other networks are left out.</param>
    /// <param name="firewalls">All firewall documents.</param>
    /// <param name="instances">The instances on the network.</param>
    public static IReadOnlyList<FirewallRule> Plan(ResourceName network, IEnumerable<Document> firewalls, IReadOnlyList<InstanceView> instances) =>
        [.. firewalls
            .Where(f => ResourceName.FromLink(f.Json.Text("network")) == network && f.Json.Flag("disabled") != true)
            .Select(f => (Priority: f.Json.Integer("priority") ?? DefaultPriority, Rule: Resolve(f, instances)))
            .Where(r => r.Rule is { Peers.Count: > 0 } and not { Machines.Count: 0 }) // What matches nobody is no rule for the kernel.
            .OrderBy(r => r.Priority).ThenBy(r => r.Rule.Allow).ThenBy(r => r.Rule.Name, StringComparer.Ordinal)
            .Select(r => r.Rule)];

    private static FirewallRule Resolve(Document firewall, IReadOnlyList<InstanceView> instances)
    {
        var json = firewall.Json;
        var direction = json.Text("direction") == "EGRESS" ? Direction.Egress : Direction.Ingress;
        var allow = !json.Objects("denied").Any();
        return new(
            firewall.Name.Id, direction, allow, Targets(json, instances),
            direction == Direction.Ingress ? Sources(json, instances) : Ranges(json.Texts("destinationRanges"), orElse: Everywhere),
            Protocols(json.Objects(allow ? "allowed" : "denied")));
    }

    private static IReadOnlyList<string>? Targets(JsonObject json, IReadOnlyList<InstanceView> instances)
    {
        var tags = json.Texts("targetTags").ToList();
        var accounts = json.Texts("targetServiceAccounts").ToList();
        return tags.Count + accounts.Count == 0 ? null : [.. Matching(instances, tags, accounts).Select(i => i.MachineId!)];
    }

    // Ranges and tags are alternatives of each other; tags mean internal addresses of primary interfaces only.
    private static IReadOnlyList<IPNetwork> Sources(JsonObject json, IReadOnlyList<InstanceView> instances)
    {
        var tags = json.Texts("sourceTags").ToList();
        var accounts = json.Texts("sourceServiceAccounts").ToList();
        return [.. SourceRanges(json), .. Matching(instances, tags, accounts).Select(i => new IPNetwork(i.Address!, 32))];
    }

    /// <summary>The address ranges that an ingress rule is for: everywhere when it names no source at all, none when it names only tags.</summary>
    internal static IReadOnlyList<IPNetwork> SourceRanges(JsonObject json)
    {
        var anyTags = json.Texts("sourceTags").Concat(json.Texts("sourceServiceAccounts")).Any();
        return Ranges(json.Texts("sourceRanges"), orElse: anyTags ? null : Everywhere);
    }

    private static IEnumerable<InstanceView> Matching(IReadOnlyList<InstanceView> instances, List<string> tags, List<string> accounts) =>
        instances.Where(i => i.Tags.Any(tags.Contains) || i.ServiceAccounts.Any(accounts.Contains));

    private static IReadOnlyList<IPNetwork> Ranges(IEnumerable<string> ranges, IPNetwork? orElse)
    {
        var written = ranges.ToList();
        if (written.Count == 0)
            return orElse is { } network ? [network] : [];
        return [.. written.Select(ParseRange).OfType<IPNetwork>()];
    }

    /// <summary>Reads an IPv4 range or a single address; null for IPv6, which these networks do not carry.</summary>
    internal static IPNetwork? ParseRange(string range)
    {
        var slash = range.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? range : range[..slash];
        if (!IPAddress.TryParse(address, out var ip) || ip.AddressFamily != AddressFamily.InterNetwork)
            return null;
        var length = slash < 0 ? 32 : int.Parse(range[(slash + 1)..], CultureInfo.InvariantCulture);
        var mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        var bits = BinaryPrimitives.ReadUInt32BigEndian(ip.GetAddressBytes()) & mask;
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, bits);
        return new(new IPAddress(bytes), length);
    }

    internal static IReadOnlyList<ProtocolPorts> Protocols(IEnumerable<JsonObject> entries)
    {
        var protocols = entries
            .Select(e => new ProtocolPorts(ProtocolName(e.Text("IPProtocol")), [.. e.Texts("ports").Select(ParsePorts)]))
            .ToList();
        return protocols.Exists(p => p.Protocol == "all") ? [] : protocols;
    }

    private static string ProtocolName(string? name) => name?.ToLowerInvariant() switch
    {
        null => "all",
        "ipip" => "4",
        "esp" => "50",
        "ah" => "51",
        "sctp" => "132",
        var other => other,
    };

    internal static PortRange ParsePorts(string ports)
    {
        var ends = ports.Split('-');
        return new(int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
    }
}
