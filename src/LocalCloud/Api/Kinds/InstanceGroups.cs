using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The instance groups that stand beside managed ones (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroups).</summary>
internal sealed class InstanceGroups : ResourceKind
{
    public override string Collection => "instanceGroups";

    public override string Singular => "instanceGroup";

    public override Scopes Scopes => Scopes.Zonal;

    public override Methods Methods => Methods.Read;

    public override bool HasFingerprint => true;

    public override IReadOnlyList<LinkField> Links => [new("network", "networks", MustExist: false), new("subnetwork", "subnetworks", MustExist: false)];

    public override IReadOnlyList<string> OutputOnly => ["size"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler>
    {
        ["listInstances"] = new("POST", ListInstances),
        ["setNamedPorts"] = new("POST", SetNamedPorts),
    };

    public override void Complete(Draft draft)
    {
        foreach (var (member, _) in draft.Json.Where(m => m.Value is null).ToList())
            draft.Json.Remove(member);
        draft.Json.Default("size", 0);
    }

    private static ApiAnswer ListInstances(VerbCall call)
    {
        var onlyRunning = call.Call.Body?.Text("instanceState") == "RUNNING";
        var items = InstanceGroupManagerVerbs.InstancesOf(call.Services.Store, call.Name with { Collection = "instanceGroupManagers" })
            .Where(i => !onlyRunning || i.Json.Text("status") == "RUNNING")
            .Select(i =>
            {
                var item = new JsonObject { ["instance"] = i.Name.Link, ["status"] = i.Json.Text("status") };
                if (call.Document["namedPorts"] is { } ports)
                    item["namedPorts"] = ports.DeepClone();
                return item;
            })
            .ToArray<JsonNode>();
        var answer = new JsonObject { ["kind"] = "compute#instanceGroupsListInstances", ["id"] = $"{call.Name}/listInstances" };
        if (items.Length > 0)
            answer["items"] = new JsonArray(items);
        answer["selfLink"] = $"{call.Name.Link}/listInstances";
        return new ApiAnswer(answer);
    }

    private static ApiAnswer SetNamedPorts(VerbCall call)
    {
        var wanted = call.Call.RequireBody();
        if (wanted.Text("fingerprint") is { } seen && seen != call.Document.Text("fingerprint"))
            throw ApiException.StaleFingerprint("instance group");
        foreach (var name in (ReadOnlySpan<ResourceName>)[call.Name, call.Name with { Collection = "instanceGroupManagers" }])
        {
            call.Services.Store.Update(name, json =>
            {
                json.Remove("namedPorts");
                if (wanted["namedPorts"] is JsonArray { Count: > 0 } ports)
                    json["namedPorts"] = ports.DeepClone();
                json["fingerprint"] = ServerFields.Fingerprint(json);
            });
        }
        return call.Start();
    }
}
