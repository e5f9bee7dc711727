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
        ["abandonInstances"] = new("POST", AbandonInstances),
        ["createInstances"] = new("POST", CreateInstances),
        ["applyUpdatesToInstances"] = new("POST", ApplyUpdates),
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

    /// <summary>The members leave the group and live on.</summary>
    private static ApiAnswer AbandonInstances(VerbCall call)
    {
        var chosen = Chosen(call);
        foreach (var member in chosen)
            call.Services.Store.Update(member.InstanceIn(call.Name), instance => Local.Set(instance, Local.Group, null));
        call.Services.Store.Update(call.Name, json =>
        {
            foreach (var member in chosen)
                ((JsonObject)Local.Get(json, Local.Members)!).Remove(member.Name);
            SetSize(json, Math.Max(0, (int)(json.Integer("targetSize") ?? 0) - chosen.Count));
        });
        return call.Start();
    }

    /// <summary>Members with names of the caller's choice; the group grows by them.</summary>
    private static ApiAnswer CreateInstances(VerbCall call)
    {
        var problems = new Problems();
        var spec = GroupSpec.Of(call.Document);
        var members = call.Control.GetMembers(call.Name).ToList();
        var added = new List<GroupMember>();
        foreach (var name in call.Call.RequireBody().Objects("instances").Select(i => i.Text("name")))
        {
            Naming.CheckName(problems, "instances.name", name);
            if (name is null)
                continue;
            var member = new GroupMember(name, spec.Version, Zone: ZoneBalance.PlaceOf(spec, members.Concat(added)));
            if (members.Concat(added).Any(m => m.Name == name) || call.Services.Store.Find(member.InstanceIn(call.Name)) is not null)
                problems.Add(new ApiProblem(409, "alreadyExists", $"The resource '{member.InstanceIn(call.Name)}' already exists"));
            added.Add(member);
        }
        if (added.Count == 0 && !problems.Any)
            problems.Required("instances");
        problems.Throw();
        call.Services.Store.Update(call.Name, json =>
        {
            var all = (Local.Get(json, Local.Members) as JsonObject)?.DeepClone() as JsonObject ?? [];
            foreach (var member in added)
                all[member.Name] = member.ToJson();
            Local.Set(json, Local.Members, all);
            SetSize(json, (int)(json.Integer("targetSize") ?? 0) + added.Count);
        });
        return call.Start();
    }

    /// <summary>Gives some members the group's version now, whatever its update policy says: what is needed for it, at least minimalAction, at most mostDisruptiveAllowedAction.</summary>
    private static ApiAnswer ApplyUpdates(VerbCall call)
    {
        var body = call.Call.RequireBody();
        var least = ActionOf(body, "minimalAction", UpdateAction.None);
        var most = ActionOf(body, "mostDisruptiveAllowedAction", UpdateAction.Replace);
        var all = call.Control.GetMembers(call.Name);
        var names = body.Flag("allInstances") is true ? null : Chosen(call).Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var version = GroupSpec.Of(call.Document).Version;
        call.Services.Store.Update(call.Name, json =>
        {
            foreach (var member in all.Where(m => names?.Contains(m.Name) ?? true))
            {
                var needed = member.Version == version ? UpdateAction.None : member.Needs;
                var action = needed > least ? needed : least;
                if ((action == UpdateAction.None && member.Version == version) || needed > most)
                    continue;
                var kept = (JsonObject)((JsonObject)Local.Get(json, Local.Members)!)[member.Name]!;
                if (action == UpdateAction.Replace)
                    kept["renewing"] = true;
                else
                    kept["asked"] = action.ToString();
            }
        });
        return call.Start();
    }

    private static UpdateAction ActionOf(JsonObject body, string member, UpdateAction orElse) => body[member] is not { } given ? orElse
        : UpdateActions.Read(body.Text(member)) ?? throw ApiException.Of(400, "invalid", $"Invalid value for field '{member}': '{given}'. Must be one of NONE, REFRESH, RESTART, REPLACE.");

    /// <summary>Notes in the group's document what is to become of the members that the request names; the group's loop does it.</summary>
    private static ApiAnswer MarkMembers(VerbCall call, string mark, bool shrinks)
    {
        var chosen = Chosen(call);
        call.Services.Store.Update(call.Name, json =>
        {
            var marked = 0;
            foreach (var name in chosen.Select(m => m.Name))
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

    /// <summary>The members that the request names.</summary>
    private static List<GroupMember> Chosen(VerbCall call)
    {
        var problems = new Problems();
        var chosen = new List<GroupMember>();
        var members = Local.Get(call.Document, Local.Members) as JsonObject ?? [];
        foreach (var link in call.Call.RequireBody().Texts("instances"))
        {
            var name = ResourceLink.LastSegment(link);
            if (members[name] is JsonObject json && GroupMember.Read(name, json) is var member && IsInstanceOf(call.Name, member, link))
                chosen.Add(member);
            else
                problems.Invalid("instances", link, $"The instance is not a member of '{call.Name}'.");
        }
        if (chosen.Count == 0 && !problems.Any)
            problems.Required("instances");
        problems.Throw();
        return chosen;
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
