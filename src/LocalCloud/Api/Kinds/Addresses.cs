using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Reserved addresses of a region, internal and external ones (https://cloud.google.com/compute/docs/reference/rest/v1/addresses).</summary>
internal sealed class Addresses : ResourceKind
{
    public override string Collection => "addresses";

    public override string Singular => "address";

    public override Scopes Scopes => Scopes.Regional;

    public override bool HasLabels => true;

    public override IReadOnlyList<LinkField> Links => [new("subnetwork", "subnetworks"), new("network", "networks")];

    public override IReadOnlyList<string> OutputOnly => ["status", "users"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler> { ["setLabels"] = new("POST", LabelChange.SetLabels) };

    public override void Complete(Draft draft)
    {
        var address = draft.Json;
        address.Default("addressType", "EXTERNAL");
        draft.OneOf("addressType", "INTERNAL", "EXTERNAL");
        address.Default("networkTier", "PREMIUM");
        address["status"] = "RESERVED";
        if (address.Text("addressType") == "EXTERNAL")
        {
            External(draft);
            return;
        }
        address.Default("purpose", "GCE_ENDPOINT");
        draft.OneOf("purpose", "GCE_ENDPOINT", "SHARED_LOADBALANCER_VIP");
        if (address.Text("address") is { } text && !IPAddress.TryParse(text, out _))
            draft.Problems.Invalid("resource.address", text, "Must be a valid IPv4 address.");
        if (draft.Problems.Any || InstanceProperties.ResolveSubnetwork(draft, address, draft.Name.Region!, "resource") is not { } subnetwork)
            return;
        address.Remove("network"); // The subnetwork says it.
        if (address.Text("address") is { } wanted && AddressAllocator.ReservationOf(draft.Store, subnetwork, IPAddress.Parse(wanted)) is { } taken && taken != draft.Name)
            draft.Problems.Invalid("resource.address", wanted, $"Specified IP address is already reserved by '{taken}'.");
        else if (InstanceProperties.Assign(draft, subnetwork, address.Text("address"), "resource.address") is { } assigned)
            address["address"] = assigned.ToString();
    }

    private static void External(Draft draft)
    {
        foreach (var member in (ReadOnlySpan<string>)["address", "subnetwork", "network", "purpose"])
        {
            if (draft.Json[member] is { } value)
                draft.Problems.Invalid($"resource.{member}", value.ToString(), "An EXTERNAL address is chosen by the server and is in no network; leave it out.");
        }
        if (draft.Services.ExternalAddresses.Allocate(draft.Store) is { } free)
            draft.Json["address"] = free.ToString();
        else
            draft.Problems.Add(new ApiProblem(403, "quotaExceeded", Instances.NoExternalAddress));
    }

    public override JsonObject View(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (UserOf(name, store) is not { } user)
            return json;
        var view = (JsonObject)json.DeepClone();
        view["status"] = "IN_USE";
        view["users"] = new JsonArray(user.Link);
        return view;
    }

    /// <summary>The forwarding rule or instance that has the address.</summary>
    public override ResourceName? UserOf(ResourceName name, DocumentStore store) => store.Find(name)?.Text("addressType") == "EXTERNAL"
        ? ExternalAddresses.UserOf(store, store.Find(name)!.Text("address")!)
        : store.Find(name) is { } json && ResourceName.FromLink(json.Text("subnetwork")) is { } subnetwork && IPAddress.TryParse(json.Text("address"), out var address)
            && AddressAllocator.UserOf(store, subnetwork, address) is { Collection: not "addresses" } user
            ? user : null;
}
