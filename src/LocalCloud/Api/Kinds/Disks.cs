using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>
/// Zonal disks (https://cloud.google.com/compute/docs/reference/rest/v1/disks). They are kept as records: a machine's files live in its own layer over the
/// host's system for as long as the instance does, whatever disks it names.
/// </summary>
internal sealed class Disks : ResourceKind
{
    public override string Collection => "disks";

    public override string Singular => "disk";

    public override Scopes Scopes => Scopes.Zonal;

    public override bool HasLabels => true;

    public override IReadOnlyList<LinkField> Links => [new("sourceDisk", "disks", Holds: false)];

    public override IReadOnlyList<string> OutputOnly => ["status", "users", "sourceImageId", "sourceDiskId", "lastAttachTimestamp", "lastDetachTimestamp"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler>
    {
        ["setLabels"] = new("POST", LabelChange.SetLabels),
        ["resize"] = new("POST", Resize),
    };

    public override void Complete(Draft draft)
    {
        var disk = draft.Json;
        // The image may come as a query parameter, which the oldest clients use.
        if (draft.Call?.Query.Text("sourceImage") is { } asked)
            disk.Default("sourceImage", asked);
        long least = 1;
        if (disk.Text("sourceImage") is { } link)
        {
            if (ImageLookup.Find(draft.Store, link, draft.Name.Project) is { } image)
            {
                disk["sourceImage"] = image.Link;
                disk["sourceImageId"] = image.Id;
                least = image.DiskSizeGb;
                if (image.Licenses is { } licenses)
                    disk.Default("licenses", licenses.DeepClone());
            }
            else
                draft.Problems.Invalid("resource.sourceImage", link, ImageLookup.Explanation);
        }
        else if (ResourceName.FromLink(disk.Text("sourceDisk")) is { } source && draft.Store.Find(source) is { } original)
        {
            disk["sourceDiskId"] = original.Text("id");
            least = original.Integer("sizeGb") ?? 1;
        }
        Unsupported(draft, "sourceSnapshot");
        var type = DiskTypes.Find(ResourceLink.LastSegment(disk.Text("type") ?? DiskTypes.Default));
        if (type is null)
            draft.Problems.Invalid("resource.type", disk.Text("type"), $"The referenced disk type does not exist. Known are {string.Join(", ", DiskTypes.All.Select(t => t.Name))}.");
        else
            disk["type"] = $"{ResourceLink.Base}projects/{draft.Name.Project}/{draft.Name.Scope}/diskTypes/{type.Name}";
        disk.Default("sizeGb", (least > 1 ? least : type?.DefaultSizeGb ?? 10).ToString(CultureInfo.InvariantCulture));
        draft.Range(disk, "sizeGb", "resource.sizeGb", least, 65536);
        disk["sizeGb"] = disk.Integer("sizeGb")?.ToString(CultureInfo.InvariantCulture); // Numbers of 64 bits are strings on the wire.
        disk.Default("physicalBlockSizeBytes", "4096");
        disk["status"] = "READY";
    }

    public override JsonObject View(ResourceName name, JsonObject json, DocumentStore store)
    {
        var users = ResourceTable.UsersOf(name, store).Select(u => (JsonNode)u.Link).ToArray();
        if (users.Length == 0)
            return json;
        var view = (JsonObject)json.DeepClone();
        view["users"] = new JsonArray(users);
        return view;
    }

    private static void Unsupported(Draft draft, string member)
    {
        if (draft.Json[member] is { } value)
            draft.Problems.Invalid($"resource.{member}", value.ToString(), "The local cloud has no snapshots; make the disk of a sourceImage or a sourceDisk.");
    }

    private static ApiAnswer Resize(VerbCall call)
    {
        var now = call.Document.Integer("sizeGb") ?? 1;
        if (call.Call.RequireBody().Integer("sizeGb") is not { } size || size < now || size > 65536)
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'sizeGb': '{call.Call.RequireBody()["sizeGb"]}'. A disk can only grow: it must be a whole number from {now} to 65536.");
        call.Services.Store.Update(call.Name, json => json["sizeGb"] = size.ToString(CultureInfo.InvariantCulture));
        return call.Start();
    }
}
