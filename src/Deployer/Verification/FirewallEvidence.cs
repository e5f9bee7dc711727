using System.Net;
using Google.Cloud.Compute.V1;
using Google.Protobuf.Collections;

namespace PrimeDeploy.Deployer;

/// <summary>Which firewall rules decide about connections, in the order in which they do (https://cloud.google.com/firewall/docs/firewalls).</summary>
internal static class FirewallEvidence
{
    /// <param name="rules">All rules of the network.</param>
    /// <param name="who">For people: "health checks".</param>
    /// <param name="sources">Where they come from.</param>
    /// <param name="tag">The machines that they go to.</param>
    /// <param name="port">The TCP port.</param>
    /// <returns>Lines: a headline and the rules that match; or that there is none.</returns>
    public static string Describe(IEnumerable<Firewall> rules, string who, IReadOnlyList<string> sources, string tag, int port)
    {
        var matching = rules.Where(rule => Matches(rule, sources, tag, port))
            .OrderBy(rule => rule.Priority).ThenBy(rule => rule.Denied.Count == 0).ThenBy(rule => rule.Name, StringComparer.Ordinal).ToList();
        var way = $"{who} ({string.Join(", ", sources)}) {{0}} tcp:{port} of machines tagged {tag}";
        var missing = sources.Where(source => !matching.Any(rule => rule.SourceRanges.Any(range => Overlap(range, source)))).ToList();
        if (matching.Count == 0) return $"No firewall rule lets {string.Format(null, way, "reach")}: they are dropped.";
        var lines = matching.Select(rule => $"  {rule.Name} (priority {rule.Priority}): {(rule.Denied.Count > 0 ? "deny" : "allow")} from {string.Join(", ", rule.SourceRanges)}"
            + (rule.TargetTags.Count > 0 ? $" to {string.Join(", ", rule.TargetTags)}" : " to all machines"));
        var rest = missing.Count == 0 ? [] : new[] { $"  none matches {string.Join(", ", missing)}: they are dropped" };
        return $"Firewall rules for {string.Format(null, way, "to")}:\n{string.Join('\n', lines.Concat(rest))}";
    }

    private static bool Matches(Firewall rule, IReadOnlyList<string> sources, string tag, int port) =>
        rule.Direction is "INGRESS" && !rule.Disabled
        && (rule.TargetTags.Contains(tag) || (rule.TargetTags.Count == 0 && rule.TargetServiceAccounts.Count == 0))
        && (rule.Allowed.Any(part => Covers(part.IPProtocol, part.Ports, port)) || rule.Denied.Any(part => Covers(part.IPProtocol, part.Ports, port)))
        && rule.SourceRanges.Any(range => sources.Any(source => Overlap(range, source)));

    private static bool Covers(string protocol, RepeatedField<string> ports, int port) =>
        protocol is "all" || (protocol is "tcp" or "6" && (ports.Count == 0 || ports.Any(range => range.Split('-') is var ends
            && int.Parse(ends[0]) <= port && port <= int.Parse(ends[^1]))));

    private static bool Overlap(string one, string other) =>
        IPNetwork.TryParse(one, out var left) && IPNetwork.TryParse(other, out var right)
        && left.BaseAddress.AddressFamily == right.BaseAddress.AddressFamily
        && (left.Contains(right.BaseAddress) || right.Contains(left.BaseAddress));
}
