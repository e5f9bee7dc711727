using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>
/// The routes that every network has by itself: to the internet and to each of its subnetworks (https://cloud.google.com/vpc/docs/routes). They follow
/// from the networks and are kept nowhere; nobody can make others.
/// </summary>
internal static class DefaultRoutes
{
    /// <returns>Null when the path is none of the routes'.</returns>
    public static ApiAnswer? Answer(DocumentStore store, string project, IReadOnlyList<string> path, ApiQuery query) => path switch
    {
        ["global", "routes"] => Lists.Plain("route", $"projects/{project}/global/routes", Of(store, project).OrderBy(r => r.Text("name"), StringComparer.Ordinal), query),
        ["global", "routes", var name] => new ApiAnswer(Of(store, project).FirstOrDefault(r => r.Text("name") == name) ?? throw ApiException.NotFound($"projects/{project}/global/routes/{name}")),
        _ => null,
    };

    private static IEnumerable<JsonObject> Of(DocumentStore store, string project)
    {
        foreach (var (network, json) in store.List("networks").Where(n => n.Name.Project == project))
        {
            var route = Route(network, json, "default-route-", "0.0.0.0/0", "Default route to the Internet.", 1000);
            route["nextHopGateway"] = $"{ResourceLink.Base}projects/{project}/global/gateways/default-internet-gateway";
            yield return route;
        }
        foreach (var (subnetwork, json) in store.List("subnetworks").Where(s => s.Name.Project == project))
        {
            if (ResourceName.FromLink(json.Text("network")) is not { } network || json.Text("ipCidrRange") is not { } range)
                continue;
            var route = Route(network, json, "default-route-r-", range, $"Default local route to the subnetwork {range}.", 0);
            route["nextHopNetwork"] = network.Link;
            yield return route;
        }
    }

    /// <param name="origin">What it came into being with; its name and id follow from that one's.</param>
    private static JsonObject Route(ResourceName network, JsonObject origin, string prefix, string range, string description, int priority)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}{origin.Text("id")}"));
        var name = network with { Collection = "routes", Id = prefix + Convert.ToHexStringLower(hash.AsSpan(0, 8)) };
        return new JsonObject
        {
            ["kind"] = "compute#route",
            ["id"] = Catalogue.CatalogueApi.Id(name.Id),
            ["creationTimestamp"] = origin.Text("creationTimestamp"),
            ["name"] = name.Id,
            ["description"] = description,
            ["network"] = network.Link,
            ["destRange"] = range,
            ["priority"] = priority,
            ["selfLink"] = name.Link,
        };
    }
}
