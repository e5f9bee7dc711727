using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Projects;

/// <summary>How much of everything a project may have, and has (https://cloud.google.com/compute/resource-usage).</summary>
internal sealed class Quotas(DocumentStore store, LimitsTable limits)
{
    // As an established project has them.
    private static readonly (string Metric, double Limit)[] OfProject =
        [("FIREWALLS", 1000), ("INSTANCE_TEMPLATES", 1000), ("HEALTH_CHECKS", 1000), ("BACKEND_SERVICES", 500), ("NETWORKS", 50)];

    private static readonly (string Metric, double Limit)[] OfRegion =
    [
        ("CPUS", 5000), ("DISKS_TOTAL_GB", 102400), ("IN_USE_ADDRESSES", 575), ("STATIC_ADDRESSES", 175), ("INSTANCE_GROUPS", 500), ("INSTANCE_GROUP_MANAGERS", 500),
        ("INSTANCES", 5000),
    ];

    /// <summary>The member <c>quotas</c> of a project.</summary>
    public JsonArray InProject(string project) => Show(OfProject, project, null);

    /// <summary>The member <c>quotas</c> of a region.</summary>
    public JsonArray InRegion(string project, string region) => Show(OfRegion, project, region);

    /// <summary>What one more resource would exceed.</summary>
    /// <param name="name">The resource that is to be made.</param>
    /// <param name="body">What is asked for.</param>
    /// <returns>The sentence that Compute Engine says; null when there is room.</returns>
    public string? WhyNot(ResourceName name, JsonObject body)
    {
        foreach (var (metric, more) in NeedsOf(name, body))
        {
            var (limit, region) = OfProject.FirstOrDefault(quota => quota.Metric == metric) is { Metric: not null } global
                ? (LimitOf(name.Project, global), null) : (LimitOf(name.Project, OfRegion.First(quota => quota.Metric == metric)), name.Region);
            if (UsageOf(metric, name.Project, region) + more > limit)
                return string.Create(CultureInfo.InvariantCulture, $"Quota '{metric}' exceeded.  Limit: {limit:0.0} {(region is null ? "globally" : $"in region {region}")}.");
        }
        return null;
    }

    private static IEnumerable<(string Metric, double More)> NeedsOf(ResourceName name, JsonObject body) => name.Collection switch
    {
        "instances" => [("INSTANCES", 1), ("CPUS", CpusOf(body)), ("IN_USE_ADDRESSES", ExternalAddressesOf(body))],
        "addresses" when body.Text("addressType") != "INTERNAL" => [("STATIC_ADDRESSES", 1)],
        "firewalls" => [("FIREWALLS", 1)],
        "healthChecks" => [("HEALTH_CHECKS", 1)],
        "instanceTemplates" => [("INSTANCE_TEMPLATES", 1)],
        "backendServices" => [("BACKEND_SERVICES", 1)],
        "networks" => [("NETWORKS", 1)],
        "instanceGroupManagers" => [("INSTANCE_GROUP_MANAGERS", 1)],
        _ => [],
    };

    private JsonArray Show((string Metric, double Limit)[] quotas, string project, string? region) => new([.. quotas.Select(quota => (JsonNode)new JsonObject
    {
        ["metric"] = quota.Metric, ["limit"] = LimitOf(project, quota), ["usage"] = UsageOf(quota.Metric, project, region),
    })]);

    private double LimitOf(string project, (string Metric, double Limit) quota) => limits.Of(project).Quotas.GetValueOrDefault(quota.Metric, quota.Limit);

    private double UsageOf(string metric, string project, string? region)
    {
        IEnumerable<JsonObject> All(string collection) =>
            store.List(collection).Where(found => found.Name.Project == project && (region is null || found.Name.Region == region)).Select(found => found.Json);
        return metric switch
        {
            "CPUS" => All("instances").Where(instance => instance.Text("status") != "TERMINATED").Sum(CpusOf),
            "DISKS_TOTAL_GB" => All("disks").Sum(disk => double.TryParse(disk.Text("sizeGb"), CultureInfo.InvariantCulture, out var size) ? size : 0),
            "IN_USE_ADDRESSES" => All("instances").Sum(ExternalAddressesOf),
            "STATIC_ADDRESSES" => All("addresses").Count(address => address.Text("addressType") != "INTERNAL"),
            "INSTANCE_GROUPS" => All("instanceGroups").Count(),
            "INSTANCE_GROUP_MANAGERS" => All("instanceGroupManagers").Count(),
            "INSTANCES" => All("instances").Count(),
            "FIREWALLS" => All("firewalls").Count(),
            "INSTANCE_TEMPLATES" => All("instanceTemplates").Count(),
            "HEALTH_CHECKS" => All("healthChecks").Count(),
            "BACKEND_SERVICES" => All("backendServices").Count(),
            "NETWORKS" => All("networks").Count(),
            _ => 0,
        };
    }

    private static double CpusOf(JsonObject instance) => MachineTypes.Find(ResourceLink.LastSegment(instance.Text("machineType") ?? ""))?.GuestCpus ?? 0;

    private static double ExternalAddressesOf(JsonObject instance) =>
        (instance["networkInterfaces"] as JsonArray ?? []).OfType<JsonObject>().Sum(network => (network["accessConfigs"] as JsonArray)?.Count ?? 0);
}
