using System.Text.Json.Nodes;

namespace PrimeDeploy.Deployer.Tests;

/// <summary>What there is in a local cloud's project besides what every project has: asked with plain HTTP, not with what is tested.</summary>
internal static class Inventory
{
    private static readonly string[] Collections =
    [
        "global/firewalls", "global/healthChecks", "global/instanceTemplates", "regions/us-west1/addresses", "regions/us-west1/backendServices",
        "regions/us-west1/forwardingRules", "zones/us-west1-b/instanceGroupManagers", "zones/us-west1-b/instanceGroups", "zones/us-west1-b/instances",
    ];

    /// <summary>
    /// Sorted lines such as <c>firewalls/http</c>. Machines of a group have random names: they are listed as <c>instances/backend-*</c>, once for each.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(Uri cloud, string project)
    {
        using var http = new HttpClient { BaseAddress = cloud };
        var found = new List<string>();
        foreach (var path in Collections)
        {
            var collection = path.Split('/')[^1];
            foreach (var name in Names(await http.GetStringAsync($"compute/v1/projects/{project}/{path}")).Where(name => !name.StartsWith("default-allow-", StringComparison.Ordinal)))
                found.Add($"{collection}/{(collection == "instances" && name.StartsWith("backend-", StringComparison.Ordinal) ? "backend-*" : name)}");
        }
        foreach (var bucket in Names(await http.GetStringAsync($"storage/v1/b?project={project}")))
        {
            found.Add($"buckets/{bucket}");
            found.AddRange(Names(await http.GetStringAsync($"storage/v1/b/{bucket}/o")).Select(name => $"objects/{name}"));
        }
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Names(string list) =>
        (JsonNode.Parse(list)!["items"] as JsonArray ?? []).Select(item => (string)item!["name"]!);
}
