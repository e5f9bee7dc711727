using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>What is particular to the forwarding rules of internal Application Load Balancers (INTERNAL_MANAGED), whose proxies take addresses of a subnetwork of their own.</summary>
internal static class ManagedForwarding
{
    public static void Complete(Draft draft)
    {
        var rule = draft.Json;
        draft.Require("target");
        draft.OneOf("IPProtocol", "TCP");
        foreach (var member in (ReadOnlySpan<string>)["backendService", "allPorts"])
        {
            if (rule[member] is { } value)
                draft.Problems.Invalid($"resource.{member}", value.ToString(), "A rule with load balancing scheme INTERNAL_MANAGED has a target and a portRange instead.");
        }
        Port(draft);
        if (ResourceName.FromLink(rule.Text("target")) is { } target && target.Scope != draft.Name.Scope)
            draft.Problems.Invalid("resource.target", rule.Text("target"), $"The target must be in region '{draft.Name.Region}'.");
        else if (WhyNot(draft.Store, rule.Text("target")) is { } reason)
            draft.Problems.Invalid("resource.target", rule.Text("target"), reason);
    }

    /// <summary>Without proxies' addresses there are no proxies. Called when the rule's network is known.</summary>
    public static void CheckProxies(Draft draft)
    {
        if (!draft.Store.List("subnetworks").Any(s => s.Name.Scope == draft.Name.Scope && s.Json.Text("network") == draft.Json.Text("network")
            && s.Json.Text("purpose") == Subnetworks.ProxyPurpose && s.Json.Text("role") == "ACTIVE"))
        {
            draft.Problems.Invalid("resource.network", draft.Json.Text("network"),
                $"An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule: make one with purpose {Subnetworks.ProxyPurpose} and role ACTIVE.");
        }
    }

    public static ApiAnswer SetTarget(VerbCall call)
    {
        var link = call.Call.RequireBody().Text("target") ?? throw ApiException.Of(400, "required", "Required field 'target' not specified");
        if (call.Document.Text("loadBalancingScheme") != "INTERNAL_MANAGED")
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'target': '{link}'. A rule with load balancing scheme {call.Document.Text("loadBalancingScheme")} has no target.");
        if (ResourceLink.Resolve(link, call.Name.Project, call.Name.Scope, "targetHttpProxies") is not { } target || target.Scope != call.Name.Scope)
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'target': '{link}'. It must name one of the targetHttpProxies of region '{call.Name.Region}'.");
        if (call.Services.Store.Find(target) is null)
            throw ApiException.NotFound(target.Path);
        if (WhyNot(call.Services.Store, target.Link) is { } reason)
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'target': '{link}'. {reason}");
        call.Services.Store.Update(call.Name, json =>
        {
            json["target"] = target.Link;
            json["fingerprint"] = ServerFields.Fingerprint(json);
        });
        return call.Start();
    }

    /// <summary>What the target leads to has to be of the rule's own load balancing scheme; null when it is.</summary>
    private static string? WhyNot(DocumentStore store, string? target)
    {
        if (Find(target)?.Text("urlMap") is not { } map || Find(map) is not { } json)
            return null;
        var other = UrlRouting.Of(json).Services.FirstOrDefault(s => store.Find(s)?.Text("loadBalancingScheme") is { } scheme and not "INTERNAL_MANAGED");
        return other.Id is null ? null : $"It leads to the backend service '{other}', whose load balancing scheme is not INTERNAL_MANAGED.";

        JsonObject? Find(string? link) => ResourceName.FromLink(link) is { } name ? store.Find(name) : null;
    }

    private static void Port(Draft draft)
    {
        var rule = draft.Json;
        var given = rule.Text("portRange") is { } range ? range.Split('-').Distinct(StringComparer.Ordinal).ToList() : [.. rule.Texts("ports")];
        if (given.Count == 1 && ushort.TryParse(given[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
        {
            rule["portRange"] = string.Create(CultureInfo.InvariantCulture, $"{port}-{port}");
            rule.Remove("ports");
        }
        else
            draft.Problems.Invalid("resource.portRange", rule["portRange"]?.ToString() ?? rule["ports"]?.ToJsonString(), "Must be a single port from 1 to 65535.");
    }
}
