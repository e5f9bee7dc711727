using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The disks of an instance that is being made: those that exist already are attached, the others are made with it.</summary>
internal static class InstanceDisks
{
    public static void Complete(Draft draft)
    {
        foreach (var disk in draft.Json.Objects("disks"))
        {
            disk.Default("interface", "SCSI");
            disk.Default("boot", false);
            disk.Default("autoDelete", false);
            var source = ResourceName.FromLink(disk.Text("source")) is { } existing ? Attach(draft, disk, existing) : Describe(draft, disk);
            disk.Remove("initializeParams");
            if (source is null)
                continue;
            disk["diskSizeGb"] = source.Text("sizeGb");
            if (source["licenses"] is { } licenses)
                disk["licenses"] = licenses.DeepClone();
            if (disk.Flag("boot") is true && source.Text("sourceImage") is { } image)
                Local.Set(draft.Json, "image", ResourceLink.PathOf(image));
        }
    }

    private static JsonObject? Attach(Draft draft, JsonObject disk, ResourceName name)
    {
        var field = $"resource.disks[{disk["index"]}].source";
        if (name.Scope != draft.Name.Scope)
            draft.Problems.Invalid(field, name.Link, $"The disk must be in zone '{draft.Name.Zone}'.");
        if (disk.Text("mode") == "READ_WRITE" && ResourceTable.UserOf(name, draft.Store) is { } user)
            draft.Problems.Add(new ApiProblem(400, "resourceInUseByAnotherResource", $"The disk resource '{name}' is already being used by '{user}'"));
        return draft.Store.Find(name);
    }

    /// <summary>The document that the new disk will have, as far as the instance shows it.</summary>
    private static JsonObject? Describe(Draft draft, JsonObject disk)
    {
        var parameters = disk.Object("initializeParams") ?? [];
        var index = disk.Integer("index") ?? 0;
        var name = draft.Name with { Collection = "disks", Id = parameters.Text("diskName") ?? (index == 0 ? draft.Name.Id : $"{draft.Name.Id}-{index}") };
        disk["source"] = name.Link;
        if (draft.Store.Find(name) is not null)
        {
            draft.Problems.Add(new ApiProblem(409, "alreadyExists", $"The resource '{name}' already exists"));
            return null;
        }
        var image = parameters.Text("sourceImage") is { } link ? ImageLookup.Find(draft.Store, link, draft.Name.Project) : null;
        var body = new JsonObject { ["name"] = name.Id, ["sizeGb"] = parameters["diskSizeGb"]?.ToString() ?? (image?.DiskSizeGb ?? 10).ToString(System.Globalization.CultureInfo.InvariantCulture) };
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[("diskType", "type"), ("labels", "labels"), ("description", "description")])
        {
            if (parameters[from] is { } value)
                body[to] = value.DeepClone();
        }
        if (image is not null)
            body["sourceImage"] = image.Link;
        draft.NewDisks.Add((name, body));
        var view = (JsonObject)body.DeepClone();
        if (image?.Licenses is { } licenses)
            view["licenses"] = licenses.DeepClone();
        return view;
    }
}
