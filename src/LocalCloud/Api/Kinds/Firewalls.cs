using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>VPC firewall rules (https://cloud.google.com/compute/docs/reference/rest/v1/firewalls).</summary>
internal sealed class Firewalls : ResourceKind
{
    public override string Collection => "firewalls";

    public override string Singular => "firewall";

    public override Scopes Scopes => Scopes.Global;

    public override Methods Methods => Methods.All;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links => [new("network", "networks")];

    public override IReadOnlyList<string> Immutable => ["network", "direction"];

    public override void Complete(Draft draft)
    {
        var rule = draft.Json;
        rule.Default("network", new ResourceName(draft.Name.Project, "global", "networks", "default").Link);
        rule.Default("priority", 1000);
        rule.Default("direction", "INGRESS");
        rule.Default("disabled", false);
        rule.Ensure("logConfig").Default("enable", false);
        draft.OneOf("direction", "INGRESS", "EGRESS");
        draft.Range(rule, "priority", "resource.priority", 0, 65535);

        var egress = rule.Text("direction") == "EGRESS";
        foreach (var member in egress ? (string[])["sourceRanges", "sourceTags", "sourceServiceAccounts"] : ["destinationRanges"])
        {
            if (rule[member] is JsonArray { Count: > 0 })
                draft.Problems.Invalid($"resource.{member}", rule[member]!.ToJsonString(), $"{member} may not be set on an {rule.Text("direction")} rule.");
        }
        if (egress)
            rule.Default("destinationRanges", new JsonArray("0.0.0.0/0"));
        else if (rule["sourceRanges"] is not JsonArray { Count: > 0 } && rule["sourceTags"] is not JsonArray { Count: > 0 } && rule["sourceServiceAccounts"] is not JsonArray { Count: > 0 })
            rule["sourceRanges"] = new JsonArray("0.0.0.0/0");

        if (rule["allowed"] is JsonArray { Count: > 0 } == rule["denied"] is JsonArray { Count: > 0 })
            draft.Problems.Invalid("resource.allowed", rule["allowed"]?.ToJsonString(), "Exactly one of allowed and denied must be specified.");
        Protocols(draft, "allowed");
        Protocols(draft, "denied");
        Ranges(draft, "sourceRanges");
        Ranges(draft, "destinationRanges");
        Naming.CheckTags(draft.Problems, "resource.sourceTags", rule.Texts("sourceTags"));
        Naming.CheckTags(draft.Problems, "resource.targetTags", rule.Texts("targetTags"));
    }

    private static void Ranges(Draft draft, string member)
    {
        if (draft.Json[member] is not JsonArray ranges)
            return;
        for (var index = 0; index < ranges.Count; index++)
        {
            var text = ranges[index]?.ToString() ?? "";
            if (IPAddress.TryParse(text, out var address))
                ranges[index] = $"{address}/{(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)}";
            else if (!IPNetwork.TryParse(text, out _))
                draft.Problems.Invalid($"resource.{member}[{index}]", text, "Must be a valid CIDR address range.");
        }
    }

    private static void Protocols(Draft draft, string member)
    {
        var index = 0;
        foreach (var entry in draft.Json.Objects(member))
        {
            var field = $"resource.{member}[{index++}]";
            if (entry.Text("IPProtocol") is not { } protocol)
                draft.Problems.Required($"{field}.IPProtocol");
            else if (!IsProtocol(protocol))
                draft.Problems.Invalid($"{field}.IPProtocol", protocol, "Must be one of tcp, udp, icmp, esp, ah, ipip, sctp, all, or a protocol number.");
            else if (entry["ports"] is JsonArray { Count: > 0 } && protocol.ToLowerInvariant() is not ("tcp" or "udp" or "sctp" or "6" or "17" or "132"))
                draft.Problems.Invalid($"{field}.ports", entry["ports"]!.ToJsonString(), $"Ports may only be specified for tcp, udp and sctp, not for {protocol}.");
            var port = 0;
            foreach (var text in entry.Texts("ports"))
            {
                if (!IsPortRange(text))
                    draft.Problems.Invalid($"{field}.ports[{port}]", text, "Must be a port from 0 to 65535, or a range such as 8000-8080.");
                port++;
            }
        }
    }

    private static bool IsProtocol(string text) =>
        text.ToLowerInvariant() is "tcp" or "udp" or "icmp" or "esp" or "ah" or "ipip" or "sctp" or "all" || byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsPortRange(string text) => text.Split('-') switch
    {
        [var one] => ushort.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        [var first, var last] => ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to) && from <= to,
        _ => false,
    };
}
