using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Forwarding rules of internal load balancers, passthrough ones and Application Load Balancers (https://cloud.google.com/compute/docs/reference/rest/v1/forwardingRules).</summary>
internal sealed class ForwardingRules : ResourceKind
{
    /// <summary>As many ports as one rule may list; more need allPorts.</summary>
    private const int MostPorts = 5;

    public override string Collection => "forwardingRules";

    public override string Singular => "forwardingRule";

    public override Scopes Scopes => Scopes.Regional;

    public override Methods Methods => Methods.Immutable | Methods.Patch;

    public override bool HasFingerprint => true;

    public override bool HasLabels => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links =>
        [new("backendService", "backendServices"), new("target", "targetHttpProxies"), new("network", "networks"), new("subnetwork", "subnetworks")];

    public override IReadOnlyList<string> Immutable =>
        ["IPAddress", "IPProtocol", "ports", "allPorts", "portRange", "loadBalancingScheme", "network", "subnetwork", "backendService", "target"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler>
    {
        ["setLabels"] = new("POST", LabelChange.SetLabels),
        ["setTarget"] = new("POST", ManagedForwarding.SetTarget),
    };

    public override void Complete(Draft draft)
    {
        var rule = draft.Json;
        rule.Default("loadBalancingScheme", "EXTERNAL");
        if (rule.Text("loadBalancingScheme") is not ("INTERNAL" or "INTERNAL_MANAGED"))
            draft.Problems.Invalid("resource.loadBalancingScheme", rule["loadBalancingScheme"]?.ToString(), "The local cloud has internal load balancers: INTERNAL and INTERNAL_MANAGED.");
        rule.Default("IPProtocol", "TCP");
        rule.Default("networkTier", "PREMIUM");
        rule.Default("allowGlobalAccess", false);
        if (IsManaged(rule))
            ManagedForwarding.Complete(draft);
        else
            Passthrough(draft);
        if (!draft.Problems.Any && draft.IsInsert)
            Address(draft);
    }

    private static bool IsManaged(JsonObject rule) => rule.Text("loadBalancingScheme") == "INTERNAL_MANAGED";

    private static void Passthrough(Draft draft)
    {
        draft.OneOf("IPProtocol", "TCP", "UDP", "L3_DEFAULT");
        draft.Require("backendService");
        if (draft.Json["target"] is { } target)
            draft.Problems.Invalid("resource.target", target.ToString(), "An internal passthrough load balancer has a backendService instead.");
        Ports(draft);
        Service(draft);
    }

    private static void Ports(Draft draft)
    {
        var rule = draft.Json;
        if (rule["portRange"] is not null)
            draft.Problems.Invalid("resource.portRange", rule["portRange"]!.ToString(), "An internal passthrough load balancer has ports or allPorts instead.");
        var ports = rule.Texts("ports").ToList();
        if (ports.Count > 0 == rule.Flag("allPorts") is true)
            draft.Problems.Invalid("resource.ports", rule["ports"]?.ToJsonString(), "Exactly one of ports and allPorts must be specified.");
        if (ports.Count > MostPorts)
            draft.Problems.Invalid("resource.ports", $"{ports.Count} ports", $"At most {MostPorts} ports may be given; use allPorts for more.");
        for (var index = 0; index < ports.Count; index++)
        {
            if (!ushort.TryParse(ports[index], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
                draft.Problems.Invalid($"resource.ports[{index}]", ports[index], "Must be a port from 1 to 65535.");
        }
    }

    private static void Service(Draft draft)
    {
        if (ResourceName.FromLink(draft.Json.Text("backendService")) is not { } name || draft.Store.Find(name) is not { } service)
            return;
        if (service.Text("loadBalancingScheme") is { } scheme and not "INTERNAL")
            draft.Problems.Invalid("resource.backendService", draft.Json.Text("backendService"), $"A rule with load balancing scheme INTERNAL needs a backend service of the same; this one's is {scheme}.");
        if (name.Region != draft.Name.Region)
            draft.Problems.Invalid("resource.backendService", draft.Json.Text("backendService"), $"The backend service must be in region '{draft.Name.Region}'.");
        if (service.Text("protocol") is { } protocol && protocol != "UNSPECIFIED" && protocol != draft.Json.Text("IPProtocol"))
            draft.Problems.Invalid("resource.IPProtocol", draft.Json.Text("IPProtocol"), $"It must be the protocol of the backend service, {protocol}.");
    }

    private static void Address(Draft draft)
    {
        var rule = draft.Json;
        if (InstanceProperties.ResolveSubnetwork(draft, rule, draft.Name.Region!, "resource") is not { } subnetwork)
            return;
        if (IsManaged(rule))
            ManagedForwarding.CheckProxies(draft);
        var wanted = rule.Text("IPAddress");
        if (wanted is not null && !IPAddress.TryParse(wanted, out _))
        {
            // A reserved address may be named instead.
            if (ResourceLink.Resolve(wanted, draft.Name.Project, draft.Name.Scope, "addresses") is not { } reserved)
            {
                draft.Problems.Invalid("resource.IPAddress", wanted, "Must be an IPv4 address or the URL of an address.");
                return;
            }
            if (draft.Store.Find(reserved)?.Text("address") is not { } address)
            {
                draft.Problems.NotFound(reserved);
                return;
            }
            wanted = address;
        }
        if (wanted is not null && SharesAddress(draft, wanted))
            rule["IPAddress"] = wanted;
        else if (InstanceProperties.Assign(draft, subnetwork, wanted, "resource.IPAddress") is { } assigned)
            rule["IPAddress"] = assigned.ToString();
    }

    /// <summary>Rules may have one address together when it was reserved for that, and their ports differ.</summary>
    private static bool SharesAddress(Draft draft, string wanted) =>
        draft.Store.List("addresses").Any(a => a.Json.Text("address") == wanted && a.Json.Text("subnetwork") == draft.Json.Text("subnetwork") && a.Json.Text("purpose") == "SHARED_LOADBALANCER_VIP")
        && !draft.Store.List("forwardingRules").Any(r => r.Json.Text("IPAddress") == wanted && r.Json.Text("subnetwork") == draft.Json.Text("subnetwork")
            && r.Json.Text("IPProtocol") == draft.Json.Text("IPProtocol")
            && (r.Json.Flag("allPorts") is true || draft.Json.Flag("allPorts") is true || PortsOf(r.Json).Intersect(PortsOf(draft.Json), StringComparer.Ordinal).Any()));

    private static IEnumerable<string> PortsOf(JsonObject rule) => rule.Text("portRange") is { } range ? range.Split('-') : rule.Texts("ports");
}
