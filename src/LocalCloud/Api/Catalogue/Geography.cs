using System.Collections.Frozen;

namespace PrimeDeploy.LocalCloud.Api.Catalogue;

/// <param name="AutoRange">The range of the subnetwork that an auto-mode network has here (https://cloud.google.com/vpc/docs/subnets#ip-ranges).</param>
/// <param name="Zones">Letters of the region's zones.</param>
internal sealed record Region(string Name, string AutoRange, string Zones = "abc")
{
    public IEnumerable<string> ZoneNames => Zones.Select(letter => $"{Name}-{letter}");
}

/// <summary>Google's regions and zones as an ordinary project sees them, without those that need an agreement such as me-central2 (https://cloud.google.com/compute/docs/regions-zones).</summary>
internal static class Geography
{
    public static IReadOnlyList<Region> Regions { get; } =
    [
        new("africa-south1", "10.218.0.0/20"), new("asia-east1", "10.140.0.0/20"), new("asia-east2", "10.170.0.0/20"),
        new("asia-northeast1", "10.146.0.0/20"), new("asia-northeast2", "10.174.0.0/20"), new("asia-northeast3", "10.178.0.0/20"),
        new("asia-south1", "10.160.0.0/20"), new("asia-south2", "10.190.0.0/20"), new("asia-southeast1", "10.148.0.0/20"),
        new("asia-southeast2", "10.184.0.0/20"), new("australia-southeast1", "10.152.0.0/20"), new("australia-southeast2", "10.192.0.0/20"),
        new("europe-central2", "10.186.0.0/20"), new("europe-north1", "10.166.0.0/20"), new("europe-north2", "10.226.0.0/20"),
        new("europe-southwest1", "10.204.0.0/20"), new("europe-west1", "10.132.0.0/20", "bcd"), new("europe-west10", "10.214.0.0/20"),
        new("europe-west12", "10.210.0.0/20"), new("europe-west2", "10.154.0.0/20"), new("europe-west3", "10.156.0.0/20"),
        new("europe-west4", "10.164.0.0/20"), new("europe-west6", "10.172.0.0/20"), new("europe-west8", "10.198.0.0/20"),
        new("europe-west9", "10.200.0.0/20"), new("me-central1", "10.212.0.0/20"),
        new("me-west1", "10.208.0.0/20"), new("northamerica-northeast1", "10.162.0.0/20"), new("northamerica-northeast2", "10.188.0.0/20"),
        new("northamerica-south1", "10.224.0.0/20"), new("southamerica-east1", "10.158.0.0/20"), new("southamerica-west1", "10.194.0.0/20"),
        new("us-central1", "10.128.0.0/20", "abcf"), new("us-east1", "10.142.0.0/20", "bcd"), new("us-east4", "10.150.0.0/20"),
        new("us-east5", "10.202.0.0/20"), new("us-south1", "10.206.0.0/20"), new("us-west1", "10.138.0.0/20"),
        new("us-west2", "10.168.0.0/20"), new("us-west3", "10.180.0.0/20"), new("us-west4", "10.182.0.0/20"),
    ];

    private static readonly FrozenDictionary<string, Region> ByName = Regions.ToFrozenDictionary(r => r.Name);

    private static readonly FrozenDictionary<string, Region> ByZone =
        Regions.SelectMany(r => r.ZoneNames, KeyValuePair.Create).Select(p => KeyValuePair.Create(p.Value, p.Key)).ToFrozenDictionary();

    /// <summary>Names of all zones, in order.</summary>
    public static IReadOnlyList<string> Zones { get; } = [.. Regions.SelectMany(r => r.ZoneNames).Order(StringComparer.Ordinal)];

    public static Region? FindRegion(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The region that the zone is in; null when there is no such zone.</summary>
    public static Region? RegionOfZone(string zone) => ByZone.GetValueOrDefault(zone);

    /// <summary>True for <c>global</c> and for every existing <c>regions/R</c> and <c>zones/Z</c>.</summary>
    public static bool HasScope(string scope) => scope.Split('/') switch
    {
        ["global"] => true,
        ["regions", var region] => FindRegion(region) is not null,
        ["zones", var zone] => RegionOfZone(zone) is not null,
        _ => false,
    };
}
