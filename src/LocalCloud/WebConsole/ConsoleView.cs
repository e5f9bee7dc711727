using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.WebConsole;

/// <summary>What the page shows, as the page reads it: every project with what is in it, links resolved to names. A function of the documents and of what the control loops know.</summary>
/// <param name="store">Resources.</param>
/// <param name="operations">Operations.</param>
/// <param name="control">Health, and what groups do with their machines.</param>
internal sealed class ConsoleView(DocumentStore store, DocumentStore operations, IComputeControl control)
{
    private const int NewestOperations = 40;

    public JsonArray Projects() => [.. store.List("projects").Select(project => Project(project.Name.Project))];

    private JsonObject Project(string project)
    {
        var instances = Of(project, "instances");
        var balancers = Of(project, "forwardingRules").Select(Balancer).ToList();
        return new()
        {
            ["name"] = project,
            ["networks"] = Array(Of(project, "networks").Select(network => Network(network, instances))),
            ["machines"] = Array(instances.Select(Machine)),
            ["groups"] = Array(Of(project, "instanceGroupManagers").Select(Group)),
            ["loadBalancers"] = Array(balancers),
            ["operations"] = Array(operations.List("operations").Where(o => o.Name.Project == project).NewestFirst(o => o.Json).Take(NewestOperations).Select(o => Operation(o.Json))),
        };
    }

    private List<Document> Of(string project, string collection) =>
        [.. store.List(collection).Where(d => d.Name.Project == project).Select(d => new Document(d.Name, d.Json))];

    // An automatic network has a subnetwork in every region: shown are those that somebody uses.
    private JsonObject Network(Document network, List<Document> instances)
    {
        var subnetworks = Of(network.Name.Project, "subnetworks").Where(s => s.Json.Text("network") == network.Name.Link).ToList();
        var used = instances.SelectMany(i => i.Json.Objects("networkInterfaces")).Select(nic => nic.Text("subnetwork"))
            .Concat(Of(network.Name.Project, "forwardingRules").Select(rule => rule.Json.Text("subnetwork"))).ToHashSet();
        return new()
        {
            ["name"] = network.Name.Id,
            ["mode"] = network.Json.Flag("autoCreateSubnetworks") == true ? "automatic" : "custom",
            ["subnetworkCount"] = subnetworks.Count,
            ["subnetworks"] = Array(subnetworks
                .Where(s => network.Json.Flag("autoCreateSubnetworks") != true || used.Contains(s.Name.Link) || s.Json.Flag("privateIpGoogleAccess") == true)
                .Select(s => new JsonObject
                {
                    ["name"] = s.Name.Id, ["region"] = s.Name.Region, ["range"] = s.Json.Text("ipCidrRange"), ["googleAccess"] = s.Json.Flag("privateIpGoogleAccess") ?? false,
                    ["purpose"] = s.Json.Text("purpose"),
                })),
            ["firewalls"] = Array(Of(network.Name.Project, "firewalls").Where(f => f.Json.Text("network") == network.Name.Link)
                .OrderBy(f => f.Json.Integer("priority")).Select(f => Firewall(f))),
        };
    }

    private static JsonObject Firewall(Document rule)
    {
        var json = rule.Json;
        var allowed = json["allowed"] is JsonArray { Count: > 0 };
        var isIngress = json.Text("direction") != "EGRESS";
        return new()
        {
            ["name"] = rule.Name.Id,
            ["priority"] = json.Integer("priority"),
            ["direction"] = isIngress ? "ingress" : "egress",
            ["action"] = allowed ? "allow" : "deny",
            ["protocols"] = string.Join(", ", json.Objects(allowed ? "allowed" : "denied").Select(p => string.Join(',', p.Texts("ports")) is { Length: > 0 } ports ? $"{p.Text("IPProtocol")}:{ports}" : p.Text("IPProtocol"))),
            ["peers"] = string.Join(", ", isIngress ? json.Texts("sourceRanges").Concat(json.Texts("sourceTags").Select(tag => "tag " + tag)) : json.Texts("destinationRanges")),
            ["targets"] = string.Join(", ", json.Texts("targetTags").Select(tag => "tag " + tag)),
            ["disabled"] = json.Flag("disabled") ?? false,
        };
    }

    private static JsonObject Machine(Document instance)
    {
        var json = instance.Json;
        var nic = json.Objects("networkInterfaces").FirstOrDefault() ?? [];
        return new()
        {
            ["path"] = instance.Name.Path,
            ["name"] = instance.Name.Id,
            ["zone"] = instance.Name.Zone,
            ["type"] = ShortName(json.Text("machineType")),
            ["status"] = Local.GetFlag(json, Local.Deleting) ? "DELETING" : json.Text("status"),
            ["network"] = ShortName(nic.Text("network")),
            ["internal"] = nic.Text("networkIP"),
            ["external"] = nic.Objects("accessConfigs").FirstOrDefault()?.Text("natIP"),
            ["tags"] = Array(json.Object("tags")?.Texts("items") ?? []),
            ["group"] = ShortName(Local.GetString(json, Local.Group)),
        };
    }

    private JsonObject Group(Document manager)
    {
        var spec = GroupSpec.Of(manager.Json);
        return new()
        {
            ["name"] = manager.Name.Id,
            ["place"] = manager.Name.Zone ?? manager.Name.Region,
            ["template"] = ShortName(spec.Version.Template),
            ["size"] = manager.Json.Integer("targetSize") ?? 0,
            ["stable"] = manager.Json.Object("status")?.Flag("isStable") ?? false,
            ["members"] = Array(control.GetMembers(manager.Name).Select(member => new JsonObject
            {
                ["name"] = member.Name,
                ["path"] = member.Instance?.Name.Path,
                ["status"] = member.Instance?.Status,
                ["action"] = member.CurrentAction(spec),
                ["template"] = ShortName(member.Version.Template),
                ["health"] = member.Health?.Verdict.ToString().ToUpperInvariant(),
            })),
        };
    }

    private JsonObject Balancer(Document rule)
    {
        var json = rule.Json;
        var service = ServiceOf(ResourceName.FromLink(json.Text("backendService") ?? json.Text("target")));
        return new()
        {
            ["name"] = rule.Name.Id,
            ["region"] = rule.Name.Region ?? "global",
            ["scheme"] = json.Text("loadBalancingScheme"),
            ["address"] = json.Text("IPAddress"),
            ["protocol"] = json.Text("IPProtocol"),
            ["ports"] = json.Texts("ports").ToList() is { Count: > 0 } ports ? string.Join(", ", ports) : json.Text("portRange") ?? "all",
            ["service"] = service?.Name.Id,
            ["check"] = service?.Json.Texts("healthChecks").Select(ShortName).FirstOrDefault(),
            ["backends"] = Array(service is { } found ? found.Json.Objects("backends").Select(backend => Backend(found.Name, rule.Name, ResourceName.FromLink(backend.Text("group")))) : []),
        };
    }

    // An application load balancer's rule names a proxy, which names a URL map, which names the service.
    private Document? ServiceOf(ResourceName? target)
    {
        for (var step = 0; step < 3 && target is { } name && store.Find(name) is { } json; step++)
        {
            if (name.Collection == "backendServices")
                return new Document(name, json);
            target = ResourceName.FromLink(json.Text("urlMap") ?? json.Text("defaultService"));
        }

        return null;
    }

    private JsonObject Backend(ResourceName service, ResourceName rule, ResourceName? group) => new()
    {
        ["group"] = group?.Id,
        ["machines"] = Array(group is { } known
            ? control.GetHealth(service, known).Where(health => (health.ForwardingRule ?? rule) == rule).Select(health => new JsonObject
            {
                ["name"] = health.Instance.Id, ["path"] = health.Instance.Path, ["address"] = health.Address, ["state"] = health.State,
            })
            : []),
    };

    private static JsonObject Operation(JsonObject json) => new()
    {
        ["name"] = json.Text("name"),
        ["type"] = json.Text("operationType"),
        ["target"] = ShortName(json.Text("targetLink")),
        ["kind"] = ResourceName.FromLink(json.Text("targetLink"))?.Collection,
        ["status"] = json.Text("status"),
        ["at"] = json.Text("insertTime"),
        ["ended"] = json.Text("endTime"),
        ["error"] = json.Object("error")?.Objects("errors").Select(error => $"{error.Text("code")}: {error.Text("message")}").FirstOrDefault(),
    };

    private static string? ShortName(string? link) => link?[(link.LastIndexOf('/') + 1)..];

    private static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];

    private static JsonArray Array(IEnumerable<string> items) => [.. items.Select(item => (JsonNode)item)];
}
