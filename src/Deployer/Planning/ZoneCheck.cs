using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>Whether the zone is there, and otherwise which ones could be meant.</summary>
/// <param name="Problem">What is wrong; null when the zone is there.</param>
/// <param name="Nearest">A zone that is there: the wanted one, else one of its region, its continent, or any.</param>
internal sealed record ZoneCheck(SettingProblem? Problem, string? Nearest)
{
    public static async Task<ZoneCheck> RunAsync(CloudApi api, CancellationToken cancellationToken)
    {
        var zone = await api.FindAsync($"read zone {api.Zone}", call => api.Cloud.Zones.GetAsync(
            new GetZoneRequest { Project = api.Project, Zone = api.Zone }, call), cancellationToken);
        if (zone is not null) return new(null, api.Zone);

        var all = (await api.ListAsync("list zones", call =>
            api.Cloud.Zones.ListAsync(new ListZonesRequest { Project = api.Project }, call), cancellationToken))
            .Select(found => found.Name).Order(StringComparer.Ordinal).ToList();
        var near = all.Where(name => name.StartsWith(api.Region + "-", StringComparison.Ordinal)).ToList();
        var which = near.Count > 0 ? $"Zones of {api.Region}: {string.Join(", ", near)}." : Regions(all, api.Region);
        return new(new("zone", api.Zone, $"does not exist in project {api.Project}. {which}"),
            near.Concat(all.Where(name => name.StartsWith(Continent(api.Region), StringComparison.Ordinal))).Concat(all).FirstOrDefault());
    }

    /// <summary>Those of the same continent, where there are any.</summary>
    private static string Regions(IReadOnlyList<string> zones, string region)
    {
        var all = zones.Select(zone => zone[..zone.LastIndexOf('-')]).Distinct(StringComparer.Ordinal).ToList();
        var continent = Continent(region);
        var near = all.Where(name => name.StartsWith(continent, StringComparison.Ordinal)).ToList();
        return $"There is no region {region} either. {(near.Count > 0 ? $"Regions of {continent[..^1]}" : "Regions")}: "
            + $"{string.Join(", ", near.Count > 0 ? near : all)}.";
    }

    private static string Continent(string region) => region.Split('-')[0] + "-";
}
