using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The methods of instance groups besides the common ones.</summary>
internal static class InstanceGroupVerbs
{
    public static IReadOnlyDictionary<string, VerbHandler> All { get; } = new Dictionary<string, VerbHandler>
    {
        ["listInstances"] = new("POST", ListInstances),
        ["setNamedPorts"] = new("POST", SetNamedPorts),
        ["addInstances"] = new("POST", AddInstances),
        ["removeInstances"] = new("POST", RemoveInstances),
    };

    private static ApiAnswer ListInstances(VerbCall call)
    {
        var onlyRunning = call.Call.Body?.Text("instanceState") == "RUNNING";
        var items = InstanceGroups.MembersOf(call.Services.Store, call.Name)
            .Where(i => !onlyRunning || i.Json.Text("status") == "RUNNING")
            .Select(i =>
            {
                var item = new JsonObject { ["instance"] = i.Name.Link, ["status"] = i.Json.Text("status") };
                if (call.Document["namedPorts"] is { } ports)
                    item["namedPorts"] = ports.DeepClone();
                return item;
            })
            .ToArray<JsonNode>();
        var answer = new JsonObject { ["kind"] = $"compute#{(call.Name.Zone is null ? "regionInstanceGroups" : "instanceGroups")}ListInstances", ["id"] = $"{call.Name}/listInstances" };
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
        var problems = new Problems();
        InstanceGroups.CheckPorts(problems, "namedPorts", wanted);
        problems.Throw();
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

    private static ApiAnswer AddInstances(VerbCall call)
    {
        var instances = Named(call, out var problems);
        foreach (var (name, json) in instances)
        {
            var network = json.Objects("networkInterfaces").FirstOrDefault()?.Text("network");
            if (InstanceGroups.MembersOf(call.Services.Store, call.Name).Any(m => m.Name == name))
                problems.Add(new ApiProblem(400, "memberAlreadyExists", $"Resource '{name}' is already a member of '{call.Name}'"));
            else if (call.Document.Text("network") is { } own && own != network)
                problems.Invalid("instances", name.Link, $"The instance is in network '{network}', the group's is '{own}'.");
        }
        problems.Throw();
        foreach (var (name, json) in instances)
        {
            call.Services.Store.Update(name, instance => Local.With(instance, Local.InstanceGroups, call.Name.Path));
            call.Services.Store.Update(call.Name, group => group.Default("network", json.Objects("networkInterfaces").First().Text("network")));
        }
        return call.Start();
    }

    private static ApiAnswer RemoveInstances(VerbCall call)
    {
        var instances = Named(call, out var problems);
        foreach (var (name, _) in instances.Where(i => InstanceGroups.MembersOf(call.Services.Store, call.Name).All(m => m.Name != i.Name)))
            problems.Add(new ApiProblem(400, "memberNotFound", $"Resource '{name}' is not a member of '{call.Name}'"));
        problems.Throw();
        foreach (var (name, _) in instances)
            call.Services.Store.Update(name, instance => Local.Without(instance, Local.InstanceGroups, call.Name.Path));
        return call.Start();
    }

    /// <summary>The instances that the request names, which have to be there and in the group's zone.</summary>
    private static List<(ResourceName Name, JsonObject Json)> Named(VerbCall call, out Problems problems)
    {
        problems = new Problems();
        if (InstanceGroups.ManagerOf(call.Name, call.Services.Store) is { } manager)
            throw ApiException.Of(400, "invalid", $"Invalid resource usage: '{call.Name}' is managed by '{manager}', which alone adds and removes its instances.");
        var found = new List<(ResourceName, JsonObject)>();
        var links = call.Call.RequireBody().Objects("instances").Select(i => i.Text("instance") ?? "").ToList();
        if (links.Count == 0)
            problems.Required("instances");
        foreach (var link in links)
        {
            if (ResourceLink.Resolve(link, call.Name.Project, call.Name.Scope, "instances") is not { } name || name.Scope != call.Name.Scope)
                problems.Invalid("instances", link, $"It must name an instance in zone '{call.Name.Zone}'.");
            else if (call.Services.Store.Find(name) is not { } json)
                problems.NotFound(name);
            else
                found.Add((name, json));
        }
        return found;
    }
}
