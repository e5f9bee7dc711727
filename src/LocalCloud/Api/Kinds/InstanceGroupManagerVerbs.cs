using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The methods of managed groups besides the common ones.</summary>
internal static class InstanceGroupManagerVerbs
{
    public static IReadOnlyDictionary<string, VerbHandler> All { get; } = new Dictionary<string, VerbHandler>
    {
        ["setInstanceTemplate"] = new("POST", SetInstanceTemplate),
        ["resize"] = new("POST", Resize),
        ["listManagedInstances"] = new("POST", ListManagedInstances),
        ["listErrors"] = new("GET", ListErrors),
        ["deleteInstances"] = new("POST", call => MarkMembers(call, "removing", shrinks: true)),
        ["recreateInstances"] = new("POST", call => MarkMembers(call, "renewing", shrinks: false)),
    };

    private static ApiAnswer Resize(VerbCall call)
    {
        if (call.Call.Query.Text("size") is null)
            throw ApiException.Of(400, "required", "Required field 'size' not specified");
        var size = (int)call.Call.Query.Integer("size", 0, InstanceGroupManagers.LargestSize)!.Value;
        call.Services.Store.Update(call.Name, json => SetSize(json, size));
        return call.Start();
    }

    /// <summary>Members get the new template when they are made anew, or at once, as the update policy says.</summary>
    private static ApiAnswer SetInstanceTemplate(VerbCall call)
    {
        if (call.Call.RequireBody().Text("instanceTemplate") is not { Length: > 0 } template)
            throw ApiException.Of(400, "required", "Required field 'instanceTemplate' not specified");
        var json = (JsonObject)call.Document.DeepClone();
        json["instanceTemplate"] = template;
        json.Remove("versions");
        DocumentMaker.Replace(call.Services, new InstanceGroupManagers(), call.Name, call.Document, json, call.Call);
        return call.Start();
    }

    private static void SetSize(JsonObject group, int size)
    {
        group["targetSize"] = size;
        if (group.Objects("versions").FirstOrDefault() is { } version)
            version["targetSize"] = new JsonObject { ["calculated"] = size };
        group["fingerprint"] = ServerFields.Fingerprint(group);
    }

    /// <summary>Notes in the group's document what is to become of the members that the request names; the group's loop does it.</summary>
    private static ApiAnswer MarkMembers(VerbCall call, string mark, bool shrinks)
    {
        var problems = new Problems();
        var chosen = new List<string>();
        var members = Local.Get(call.Document, Local.Members) as JsonObject ?? [];
        foreach (var link in call.Call.RequireBody().Texts("instances"))
        {
            var name = ResourceLink.LastSegment(link);
            if (members[name] is JsonObject member && IsInstanceOf(call.Name, GroupMember.Read(name, member), link))
                chosen.Add(name);
            else
                problems.Invalid("instances", link, $"The instance is not a member of '{call.Name}'.");
        }
        if (chosen.Count == 0 && !problems.Any)
            problems.Required("instances");
        problems.Throw();

        call.Services.Store.Update(call.Name, json =>
        {
            var marked = 0;
            foreach (var name in chosen)
            {
                var member = (JsonObject)((JsonObject)Local.Get(json, Local.Members)!)[name]!;
                if (member.Flag(mark) is not true)
                    marked++;
                member[mark] = true;
            }
            if (shrinks)
                SetSize(json, Math.Max(0, (int)(json.Integer("targetSize") ?? 0) - marked));
        });
        return call.Start();
    }

    /// <summary>A link names the zone; a bare name, as the oldest clients write it, does not.</summary>
    private static bool IsInstanceOf(ResourceName group, GroupMember member, string link) =>
        ResourceLink.Resolve(link, group.Project, member.InstanceIn(group).Scope, "instances") == member.InstanceIn(group);

    private static ApiAnswer ListManagedInstances(VerbCall call)
    {
        var spec = GroupSpec.Of(call.Document);
        var items = call.Control.GetMembers(call.Name).OrderBy(m => m.Name, StringComparer.Ordinal).Select(member =>
        {
            var instance = member.InstanceIn(call.Name);
            var version = new JsonObject { ["instanceTemplate"] = member.Version.Template };
            if (member.Version.Name is { } versionName)
                version["name"] = versionName;
            var item = new JsonObject
            {
                ["instance"] = instance.Link,
                ["name"] = member.Name,
                ["currentAction"] = member.CurrentAction(spec),
                ["version"] = version,
            };
            if (call.Services.Store.Find(instance) is { } json)
            {
                item["id"] = json.Text("id");
                item["instanceStatus"] = json.Text("status");
            }
            if (spec.Healing is { } healing)
            {
                item["instanceHealth"] = new JsonArray(new JsonObject
                {
                    ["healthCheck"] = healing.HealthCheck.Link,
                    ["detailedHealthState"] = member.Health is { } health ? health.Healthy ? "HEALTHY" : "UNHEALTHY" : "UNKNOWN",
                });
            }
            if (member.Failures > 0 && Errors(call).LastOrDefault(e => e.Object("instanceActionDetails")?.Text("instance") == instance.Link)?["error"] is { } error)
                item["lastAttempt"] = new JsonObject { ["errors"] = new JsonObject { ["errors"] = new JsonArray(error.DeepClone()) } };
            return item;
        }).ToArray<JsonNode>();
        return new ApiAnswer(items.Length == 0 ? [] : new JsonObject { ["managedInstances"] = new JsonArray(items) });
    }

    private static ApiAnswer ListErrors(VerbCall call)
    {
        var items = Errors(call).Reverse().Take((int)(call.Call.Query.Integer("maxResults", 0, 500) ?? 500)).Select(e => e.DeepClone()).ToArray();
        return new ApiAnswer(items.Length == 0 ? [] : new JsonObject { ["items"] = new JsonArray(items) });
    }

    private static IEnumerable<JsonObject> Errors(VerbCall call) => (Local.Get(call.Document, Local.Errors) as JsonArray)?.OfType<JsonObject>() ?? [];
}
