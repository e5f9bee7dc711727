using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Subnetworks (https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks).</summary>
internal sealed class Subnetworks : ResourceKind
{
    public override string Collection => "subnetworks";

    public override string Singular => "subnetwork";

    public override Scopes Scopes => Scopes.Regional;

    public override Methods Methods => Methods.Immutable | Methods.Patch;

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links => [new("network", "networks")];

    public override IReadOnlyList<string> Immutable => ["network", "ipCidrRange"];

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
        subnetwork.Default("privateIpGoogleAccess", false);
        subnetwork.Default("privateIpv6GoogleAccess", "DISABLE_GOOGLE_ACCESS");
        subnetwork.Default("purpose", "PRIVATE");
        subnetwork.Default("stackType", "IPV4_ONLY");
        subnetwork["state"] = "READY";
        draft.OneOf("purpose", "PRIVATE");
        draft.OneOf("stackType", "IPV4_ONLY");
        if (subnetwork.Text("ipCidrRange") is not { } text)
            return;
        if (!IPNetwork.TryParse(text, out var range) || range.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || range.PrefixLength is < 8 or > 29)
        {
            draft.Problems.Invalid("resource.ipCidrRange", text, "Must be an IPv4 range in CIDR form, from /8 to /29, that starts at its first address.");
            return;
        }
        subnetwork["gatewayAddress"] = AddressAllocator.GatewayOf(range).ToString();
        foreach (var (other, json) in draft.Store.List(Collection))
        {
            if (other != draft.Name && json.Text("network") == subnetwork.Text("network") && IPNetwork.TryParse(json.Text("ipCidrRange"), out var taken)
                && (taken.Contains(range.BaseAddress) || range.Contains(taken.BaseAddress)))
                draft.Problems.Invalid("resource.ipCidrRange", text, $"The range overlaps {taken} of '{other}' in the same network.");
        }
    }

    /// <summary>The subnetworks of an auto-mode network go with it and not by themselves.</summary>
    public override void CheckDelete(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (ResourceName.FromLink(json.Text("network")) is { } network && store.Find(network)?.Flag("autoCreateSubnetworks") is true)
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
