using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.EngineBench;

/// <summary>The cloud's own time for a deployment: the longest way through its resources, each as long as the cloud's operations on it took.</summary>
internal static class LongestPath
{
    private static readonly Dictionary<string, string> Collections = new(StringComparer.Ordinal)
    {
        ["firewall rule"] = "firewalls", ["address"] = "addresses", ["instance template"] = "instanceTemplates", ["managed instance group"] = "instanceGroupManagers",
        ["health check"] = "healthChecks", ["backend service"] = "backendServices", ["forwarding rule"] = "forwardingRules", ["instance"] = "instances", ["subnet access"] = "subnetworks",
    };

    /// <returns>The way's seconds and its resources.</returns>
    public static async Task<(double Seconds, string Way)> OfAsync(PrimeService service, Uri cloud)
    {
        using var http = new HttpClient { BaseAddress = cloud };
        var answer = JsonNode.Parse(await http.GetStringAsync($"compute/v1/projects/{service.Options.Project}/aggregated/operations?maxResults=500"))!;
        var operations = answer["items"]!.AsObject().SelectMany(scope => scope.Value!["operations"] as JsonArray ?? [])
            // The test instance's deletion, for which nobody waits.
            .Where(operation => operation!["endTime"] is not null).Select(operation => (
            Target: string.Join('/', ((string)operation!["targetLink"]!).Split('/')[^2..]), IsInsert: ((string)operation["operationType"]!) is var type
                && (type.EndsWith("insert", StringComparison.Ordinal) || type.EndsWith("Access", StringComparison.Ordinal)),
            Seconds: (Time(operation["endTime"]!) - Time(operation["insertTime"]!)).TotalSeconds)).ToList();

        double Of(Resource resource, bool insert) => !Collections.TryGetValue(resource.Kind, out var collection) ? 0
            : operations.Where(operation => operation.Target == $"{collection}/{resource.Name}" && operation.IsInsert == insert).Sum(operation => operation.Seconds);
        var made = new Dictionary<Resource, (double Seconds, string Way)>();
        var settled = new Dictionary<Resource, (double Seconds, string Way)>();
        foreach (var resource in service.Resources)
        {
            made[resource] = After(resource.MadeAfter.Select(before => made[before]), resource, Of(resource, insert: true));
            settled[resource] = After(resource.SettlesAfter.Select(before => made[before]).Append(made[resource]), resource, Of(resource, insert: false));
        }
        return settled.Values.MaxBy(way => way.Seconds);
    }

    private static (double Seconds, string Way) After(IEnumerable<(double Seconds, string Way)> ways, Resource resource, double seconds)
    {
        var (before, way) = ways.DefaultIfEmpty((0, "")).MaxBy(one => one.Item1);
        return seconds == 0 ? (before, way) : (before + seconds, $"{way}{(way.Length > 0 ? " → " : "")}{resource} {seconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
    }

    private static DateTimeOffset Time(JsonNode node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);
}
