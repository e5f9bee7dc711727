using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>
/// A project's own images (https://cloud.google.com/compute/docs/reference/rest/v1/images). They are kept as records: every machine boots the host's own
/// system, whatever its image.
/// </summary>
internal sealed class UserImages : ResourceKind
{
    private static readonly string[] Sources = ["sourceDisk", "sourceImage", "rawDisk", "sourceSnapshot"];

    public override string Collection => "images";

    public override string Singular => "image";

    public override Scopes Scopes => Scopes.Global;

    public override Methods Methods => Methods.Immutable | Methods.Patch;

    public override bool HasLabels => true;

    public override IReadOnlyList<LinkField> Links => [new("sourceDisk", "disks", Holds: false)];

    public override IReadOnlyList<string> Immutable => ["sourceDisk", "sourceImage"];

    public override IReadOnlyList<string> OutputOnly => ["status", "sourceDiskId", "sourceImageId", "archiveSizeBytes"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler>
    {
        ["setLabels"] = new("POST", LabelChange.SetLabels),
        ["deprecate"] = new("POST", Deprecate),
    };

    public override void Complete(Draft draft)
    {
        var image = draft.Json;
        var sources = Sources.Where(s => image[s] is not null).ToList();
        if (sources.Count != 1)
            draft.Problems.Invalid("resource", string.Join(", ", sources), "Exactly one of sourceDisk and sourceImage must be specified.");
        foreach (var unknown in sources.Where(s => s is "rawDisk" or "sourceSnapshot"))
            draft.Problems.Invalid($"resource.{unknown}", image[unknown]!.ToJsonString(), "The local cloud makes images of a sourceDisk or a sourceImage.");
        if (image.Text("family") is { } family && !Naming.IsResourceName(family))
            draft.Problems.Invalid("resource.family", family, "Must be a match of regex '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?'.");
        if (ResourceName.FromLink(image.Text("sourceDisk")) is { } name && draft.Store.Find(name) is { } disk)
        {
            image["sourceDiskId"] = disk.Text("id");
            image["diskSizeGb"] = disk.Text("sizeGb");
            if (disk["licenses"] is { } licenses)
                image.Default("licenses", licenses.DeepClone());
        }
        else if (image.Text("sourceImage") is { } link)
        {
            if (ImageLookup.Find(draft.Store, link, draft.Name.Project) is { } source)
            {
                image["sourceImage"] = source.Link;
                image["sourceImageId"] = source.Id;
                image["diskSizeGb"] = source.DiskSizeGb.ToString(CultureInfo.InvariantCulture);
                if (source.Licenses is { } licenses)
                    image.Default("licenses", licenses.DeepClone());
            }
            else
                draft.Problems.Invalid("resource.sourceImage", link, ImageLookup.Explanation);
        }
        image["sourceType"] = "RAW";
        image["status"] = "READY";
        image.Default("storageLocations", new JsonArray("us"));
    }

    private static ApiAnswer Deprecate(VerbCall call)
    {
        var wanted = call.Call.RequireBody();
        if (wanted.Text("state") is { } state && state is not ("ACTIVE" or "DEPRECATED" or "OBSOLETE" or "DELETED"))
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'resource.state': '{state}'. Must be one of ACTIVE, DEPRECATED, OBSOLETE, DELETED.");
        call.Services.Store.Update(call.Name, json =>
        {
            json.Remove("deprecated");
            if (wanted.Text("state") is not (null or "ACTIVE"))
                json["deprecated"] = wanted.DeepClone();
        });
        return call.Start();
    }
}
