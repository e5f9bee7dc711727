using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Subnetworks (https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks).</summary>
internal sealed class Subnetworks : ResourceKind
{
    /// <summary>Addresses of the proxies of a region's Application Load Balancers, of which no machine may have one.</summary>
    public const string ProxyPurpose = ProxyFrontend.SubnetworkPurpose;

    private static readonly IPNetwork AutoRanges = IPNetwork.Parse("10.128.0.0/9");

    public override string Collection => "subnetworks";

    public override string Singular => "subnetwork";

    public override Scopes Scopes => Scopes.Regional;

    public override Methods Methods => Methods.Immutable | Methods.Patch;

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links => [new("network", "networks")];

    public override IReadOnlyList<string> Immutable => ["network", "ipCidrRange", "purpose"];

    public override IReadOnlyList<string> OutputOnly => ["gatewayAddress", "state"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler>
    {
        ["setPrivateIpGoogleAccess"] = new("POST", SetPrivateIpGoogleAccess),
    };

    public override void Complete(Draft draft)
    {
        var subnetwork = draft.Json;
        draft.Require("network");
        draft.Require("ipCidrRange");
        subnetwork.Default("purpose", "PRIVATE");
        if (IsForProxies(subnetwork))
            Proxies(draft);
        else
        {
            subnetwork.Default("privateIpGoogleAccess", false);
            subnetwork.Default("privateIpv6GoogleAccess", "DISABLE_GOOGLE_ACCESS");
        }
        subnetwork.Default("stackType", "IPV4_ONLY");
        subnetwork["state"] = "READY";
        draft.OneOf("purpose", "PRIVATE", ProxyPurpose);
        draft.OneOf("stackType", "IPV4_ONLY");
        if (subnetwork.Text("ipCidrRange") is not { } text)
            return;
        if (!IPNetwork.TryParse(text, out var range) || range.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || range.PrefixLength is < 8 or > 29)
        {
            draft.Problems.Invalid("resource.ipCidrRange", text, "Must be an IPv4 range in CIDR form, from /8 to /29, that starts at its first address.");
            return;
        }
        if (IsForProxies(subnetwork) && range.PrefixLength > 26)
            draft.Problems.Invalid("resource.ipCidrRange", text, "A proxy-only subnetwork has a range of at least /26.");
        if (draft.IsInsert && !IsAuto(draft.Name, subnetwork, draft.Store) && AutoRanges.Contains(range.BaseAddress)
            && ResourceName.FromLink(subnetwork.Text("network")) is { } network && draft.Store.Find(network)?.Flag("autoCreateSubnetworks") is true)
            draft.Problems.Invalid("resource.ipCidrRange", text, $"The range must be outside {AutoRanges}, which '{network}' has for its automatic subnetworks.");
        subnetwork["gatewayAddress"] = AddressAllocator.GatewayOf(range).ToString();
        foreach (var (other, json) in draft.Store.List(Collection))
        {
            if (other != draft.Name && json.Text("network") == subnetwork.Text("network") && IPNetwork.TryParse(json.Text("ipCidrRange"), out var taken)
                && (taken.Contains(range.BaseAddress) || range.Contains(taken.BaseAddress)))
                draft.Problems.Invalid("resource.ipCidrRange", text, $"The range overlaps {taken} of '{other}' in the same network.");
        }
    }

    /// <summary>An auto-mode network has made the subnetworks itself that bear its name; others somebody has added.</summary>
    public static bool IsAuto(ResourceName name, JsonObject json, DocumentStore store) =>
        ResourceName.FromLink(json.Text("network")) is { } network && network.Id == name.Id && store.Find(network)?.Flag("autoCreateSubnetworks") is true;

    public static bool IsForProxies(JsonObject json) => json.Text("purpose") == ProxyPurpose;

    /// <summary>Forwarding rules whose proxies have their addresses here hold it, though they do not name it.</summary>
    public override ResourceName? UserOf(ResourceName name, DocumentStore store) => base.UserOf(name, store)
        ?? (store.Find(name) is { } json && IsForProxies(json) && json.Text("role") == "ACTIVE"
            ? store.List("forwardingRules").Where(r => r.Name.Scope == name.Scope && r.Json.Text("network") == json.Text("network") && r.Json.Text("loadBalancingScheme") == "INTERNAL_MANAGED")
                .Select(r => (ResourceName?)r.Name).FirstOrDefault()
            : null);

    private static void Proxies(Draft draft)
    {
        draft.Json.Default("role", "ACTIVE");
        draft.OneOf("role", "ACTIVE", "BACKUP");
        if (draft.Json.Text("role") != "ACTIVE")
            return;
        foreach (var (other, _) in draft.Store.List("subnetworks").Where(s => s.Name != draft.Name && s.Name.Scope == draft.Name.Scope
            && s.Json.Text("network") == draft.Json.Text("network") && IsForProxies(s.Json) && s.Json.Text("role") == "ACTIVE"))
            draft.Problems.Invalid("resource.role", "ACTIVE", $"'{other}' is the active proxy-only subnetwork of this region and network; there can be one.");
    }

    /// <summary>The subnetworks of an auto-mode network go with it and not by themselves.</summary>
    public override void CheckDelete(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (IsAuto(name, json, store))
            throw ApiException.Of(400, "invalid", "Invalid resource usage: 'Cannot delete auto subnetwork from an auto subnet mode network.'.");
    }

    private static ApiAnswer SetPrivateIpGoogleAccess(VerbCall call)
    {
        if (call.Call.RequireBody().Flag("privateIpGoogleAccess") is not { } wanted)
            throw ApiException.Of(400, "required", "Required field 'privateIpGoogleAccess' not specified");
        call.Services.Store.Update(call.Name, json =>
        {
            json["privateIpGoogleAccess"] = wanted;
            json["fingerprint"] = ServerFields.Fingerprint(json);
        });
        return call.Start();
    }
}
