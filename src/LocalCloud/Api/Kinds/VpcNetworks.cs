using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>VPC networks (https://cloud.google.com/compute/docs/reference/rest/v1/networks).</summary>
internal sealed class VpcNetworks : ResourceKind
{
    public override string Collection => "networks";

    public override string Singular => "network";

    public override Scopes Scopes => Scopes.Global;

    public override Methods Methods => Methods.Immutable | Methods.Patch;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<string> Immutable => ["IPv4Range", "autoCreateSubnetworks"];

    public override IReadOnlyList<string> OutputOnly => ["subnetworks", "gatewayIPv4"];

    public override void Complete(Draft draft)
    {
        var network = draft.Json;
        if (network["IPv4Range"] is not null)
            draft.Problems.Invalid("resource.IPv4Range", network["IPv4Range"]!.ToString(), "Legacy networks can no longer be made; leave it out.");
        network.Default("autoCreateSubnetworks", true);
        network.Default("networkFirewallPolicyEnforcementOrder", "AFTER_CLASSIC_FIREWALL");
        network.Ensure("routingConfig").Default("routingMode", "REGIONAL");
        network["routingConfig"]!.AsObject().Default("bgpBestPathSelectionMode", "LEGACY");
        network["selfLinkWithId"] = $"{ResourceLink.Base}projects/{draft.Name.Project}/global/networks/{network.Text("id")}";
        draft.Range(network, "mtu", "resource.mtu", 1300, 8896);
    }

    /// <summary>A network in auto mode has a subnetwork in every region.</summary>
    public override void Inserted(Draft draft)
    {
        if (draft.Json.Flag("autoCreateSubnetworks") is not true)
            return;
        var kind = new Subnetworks();
        foreach (var region in Geography.Regions)
        {
            var name = new ResourceName(draft.Name.Project, $"regions/{region.Name}", kind.Collection, draft.Name.Id);
            draft.Services.Create(kind, name, new JsonObject { ["name"] = name.Id, ["network"] = draft.Name.Link, ["ipCidrRange"] = region.AutoRange });
        }
    }

    public override void Removed(ResourceName name, DocumentStore store)
    {
        foreach (var (subnetwork, json) in store.List("subnetworks"))
        {
            if (json.Text("network") == name.Link)
                store.Remove(subnetwork);
        }
    }

    /// <summary>The subnetworks of an auto-mode network go with it; in custom mode they have to go first.</summary>
    public override ResourceName? UserOf(ResourceName name, DocumentStore store)
    {
        var isAuto = store.Find(name)?.Flag("autoCreateSubnetworks") is true;
        return ResourceTable.UsersOf(name, store).Where(u => !isAuto || u.Collection != "subnetworks" || u.Id != name.Id).Select(u => (ResourceName?)u).FirstOrDefault();
    }

    public override JsonObject View(ResourceName name, JsonObject json, DocumentStore store)
    {
        var subnetworks = store.List("subnetworks").Where(s => s.Json.Text("network") == name.Link).Select(s => (JsonNode)s.Name.Link).ToArray();
        if (subnetworks.Length == 0)
            return json;
        var view = (JsonObject)json.DeepClone();
        view["subnetworks"] = new JsonArray(subnetworks);
        return view;
    }
}
