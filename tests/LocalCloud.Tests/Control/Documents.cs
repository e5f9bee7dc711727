using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>Documents as the API leaves them in the store, reduced to what the control loops read.</summary>
internal static class Documents
{
    public const string Project = "primes-project";
    public const string Zone = "zones/us-west1-b";
    public const string Region = "regions/us-west1";

    public static ResourceName Network { get; } = new(Project, "global", "networks", "default");

    public static ResourceName Subnetwork { get; } = new(Project, Region, "subnetworks", "default");

    public static ResourceName Group { get; } = new(Project, Zone, "instanceGroupManagers", "backend");

    public static ResourceName Instance(string name) => new(Project, Zone, "instances", name);

    public static ResourceName Firewall(string name) => new(Project, "global", "firewalls", name);

    public static ResourceName ForwardingRule { get; } = new(Project, Region, "forwardingRules", "prime-lb");

    public static ResourceName BackendService { get; } = new(Project, Region, "backendServices", "prime-service");

    public static ResourceName HealthCheck { get; } = new(Project, "global", "healthChecks", "ilb-health");

    public static ResourceName Template(string name) => new(Project, "global", "instanceTemplates", name);

    public static DocumentStore WithNetwork(this DocumentStore store, bool googleAccess = false)
    {
        store.TryInsert(Network, Parse("""{"name":"default","autoCreateSubnetworks":true}"""));
        store.TryInsert(Subnetwork, Parse($$"""
            {"name":"default","ipCidrRange":"10.138.0.0/20","gatewayAddress":"10.138.0.1","network":"{{Network.Link}}",
             "privateIpGoogleAccess":{{(googleAccess ? "true" : "false")}} }
            """));
        return store;
    }

    public static DocumentStore WithInstance(
        this DocumentStore store, string name, string address, string status = "RUNNING", string? machine = "", string[]? tags = null,
        ResourceName? group = null, string? natIP = null)
    {
        var json = Parse($$"""
            {"name":"{{name}}","status":"{{status}}","tags":{"items":[]},
             "networkInterfaces":[{"network":"{{Network.Link}}","subnetwork":"{{Subnetwork.Link}}","networkIP":"{{address}}" } ],
             "scheduling":{"automaticRestart":true} }
            """);
        json["tags"]!["items"] = new JsonArray([.. (tags ?? []).Select(t => (JsonNode)t)]);
        if (natIP is not null)
            json["networkInterfaces"]![0]!["accessConfigs"] = new JsonArray(new JsonObject { ["type"] = "ONE_TO_ONE_NAT", ["natIP"] = natIP });
        if (machine is not null)
            Local.Set(json, Local.Machine, machine.Length > 0 ? machine : "m" + name);
        if (group is { } g)
            Local.Set(json, Local.Group, g.Path);
        store.TryInsert(Instance(name), json);
        return store;
    }

    public static DocumentStore WithFirewall(this DocumentStore store, string name, string members)
    {
        store.TryInsert(Firewall(name), Parse($$"""{"name":"{{name}}","network":"{{Network.Link}}","direction":"INGRESS",{{members}} }"""));
        return store;
    }

    /// <summary>The lab's load balancer: 10.138.0.10:80 over the group, checked at /2.</summary>
    public static DocumentStore WithLoadBalancer(this DocumentStore store, string healthCheck = """{"httpHealthCheck":{"port":80,"requestPath":"/2"}}""", bool withHealthCheck = true, int drainingSeconds = 0)
    {
        var check = Parse(healthCheck);
        check["name"] = HealthCheck.Id;
        if (check["type"] is null)
            check["type"] = "HTTP";
        store.TryInsert(HealthCheck, check);
        store.TryInsert(BackendService, Parse($$"""
            {"name":"prime-service","loadBalancingScheme":"INTERNAL","protocol":"TCP","connectionDraining":{"drainingTimeoutSec":{{drainingSeconds}}},
             "healthChecks":[{{(withHealthCheck ? $"\"{HealthCheck.Link}\"" : "")}}],
             "backends":[{"group":"{{(Group with { Collection = "instanceGroups" }).Link}}"}]}
            """));
        store.TryInsert(ForwardingRule, Parse($$"""
            {"name":"prime-lb","loadBalancingScheme":"INTERNAL","IPAddress":"10.138.0.10","IPProtocol":"TCP","ports":["80"],
             "network":"{{Network.Link}}","subnetwork":"{{Subnetwork.Link}}","backendService":"{{BackendService.Link}}"}
            """));
        return store;
    }

    public static DocumentStore WithGroup(this DocumentStore store, int size, string members = "", string? script = null)
    {
        store.WithTemplate("primecalc", script);
        store.TryInsert(Group, Parse($$"""
            {"name":"backend","baseInstanceName":"backend","targetSize":{{size}},"instanceTemplate":"{{Template("primecalc").Link}}" {{members}} }
            """));
        store.TryInsert(Group with { Collection = "instanceGroups" }, Parse("""{"name":"backend","size":0}"""));
        return store;
    }

    public static DocumentStore WithTemplate(this DocumentStore store, string name, string? script = null)
    {
        store.TryInsert(Template(name), new() { ["name"] = name, ["properties"] = MachineProperties(script, "backend") });
        return store;
    }

    /// <summary>What an instance or a template says of its machine, as the API wants it.</summary>
    public static JsonObject MachineProperties(string? script, string tag)
    {
        var json = Parse($$"""
            {"machineType":"e2-medium","tags":{"items":["{{tag}}"]},
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"} }],
             "networkInterfaces":[{"network":"{{Network.Link}}"}]}
            """);
        if (script is not null)
            json["metadata"] = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["key"] = "startup-script", ["value"] = script }) };
        return json;
    }

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
