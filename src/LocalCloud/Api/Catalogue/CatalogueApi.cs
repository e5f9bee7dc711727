using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Projects;

namespace PrimeDeploy.LocalCloud.Api.Catalogue;

/// <summary>What nobody makes: zones, regions, types of machines and disks, and public images.</summary>
internal static class CatalogueApi
{
    private const string Since = "1969-12-31T16:00:00.000-08:00";

    /// <returns>Null when the path is none of the catalogue's.</returns>
    public static ApiAnswer? Answer(string project, IReadOnlyList<string> path, ApiQuery query, Quotas quotas) => path switch
    {
        ["zones"] => Lists.Plain("zone", $"projects/{project}/zones", Geography.Zones.Select(z => Zone(project, z)), query),
        ["zones", var zone] => new ApiAnswer(Geography.RegionOfZone(zone) is null ? throw ApiException.NotFound($"projects/{project}/zones/{zone}") : Zone(project, zone)),
        ["regions"] => Lists.Plain("region", $"projects/{project}/regions", Geography.Regions.Select(r => Region(project, r, quotas)), query),
        ["regions", var name] => new ApiAnswer(Geography.FindRegion(name) is { } region ? Region(project, region, quotas) : throw ApiException.NotFound($"projects/{project}/regions/{name}")),
        ["zones", var zone, "machineTypes"] when Geography.RegionOfZone(zone) is not null =>
            Lists.Plain("machineType", $"projects/{project}/zones/{zone}/machineTypes", MachineTypes.InOrder.Select(t => Type(project, zone, t)), query),
        ["zones", var zone, "machineTypes", var name] when Geography.RegionOfZone(zone) is not null =>
            new ApiAnswer(MachineTypes.Find(name) is { } type ? Type(project, zone, type) : throw ApiException.NotFound($"projects/{project}/zones/{zone}/machineTypes/{name}")),
        ["aggregated", "machineTypes"] => Lists.Aggregated("machineType", "machineTypes", project,
            Geography.Zones.SelectMany(z => MachineTypes.InOrder.Select(t => ($"zones/{z}", Type(project, z, t)))), [], query),
        ["zones", var zone, "diskTypes"] when Geography.RegionOfZone(zone) is not null =>
            Lists.Plain("diskType", $"projects/{project}/zones/{zone}/diskTypes", DiskTypes.All.Select(t => Type(project, zone, t)), query),
        ["zones", var zone, "diskTypes", var name] when Geography.RegionOfZone(zone) is not null =>
            new ApiAnswer(DiskTypes.Find(name) is { } type ? Type(project, zone, type) : throw ApiException.NotFound($"projects/{project}/zones/{zone}/diskTypes/{name}")),
        ["aggregated", "diskTypes"] => Lists.Aggregated("diskType", "diskTypes", project,
            Geography.Zones.SelectMany(z => DiskTypes.All.Select(t => ($"zones/{z}", Type(project, z, t)))), [], query),
        _ when Images.IsImageProject(project) => PublicImages(project, path, query),
        _ => null,
    };

    private static ApiAnswer? PublicImages(string project, IReadOnlyList<string> path, ApiQuery query) => path switch
    {
        ["global", "images"] => Lists.Plain("image", $"projects/{project}/global/images", Images.Public.Where(i => i.Project == project).Select(Image), query),
        ["global", "images", "family", var family] => new ApiAnswer(Image(Images.InFamily(project, family) ?? throw ApiException.NotFound($"projects/{project}/global/images/family/{family}"))),
        ["global", "images", var name] => new ApiAnswer(Image(Images.Find($"projects/{project}/global/images/{name}") ?? throw ApiException.NotFound($"projects/{project}/global/images/{name}"))),
        ["zones", _, "imageFamilyViews", var family] => new ApiAnswer(new JsonObject
        {
            ["image"] = Image(Images.InFamily(project, family) ?? throw ApiException.NotFound($"projects/{project}/zones/-/imageFamilyViews/{family}")),
        }),
        _ => null,
    };

    private static JsonObject Zone(string project, string zone) => new()
    {
        ["kind"] = "compute#zone",
        ["id"] = Id(zone),
        ["creationTimestamp"] = Since,
        ["name"] = zone,
        ["description"] = zone,
        ["status"] = "UP",
        ["region"] = $"{ResourceLink.Base}projects/{project}/regions/{Geography.RegionOfZone(zone)!.Name}",
        ["selfLink"] = $"{ResourceLink.Base}projects/{project}/zones/{zone}",
        ["supportsPzs"] = false,
    };

    private static JsonObject Region(string project, Region region, Quotas quotas) => new()
    {
        ["kind"] = "compute#region",
        ["id"] = Id(region.Name),
        ["creationTimestamp"] = Since,
        ["name"] = region.Name,
        ["description"] = region.Name,
        ["status"] = "UP",
        ["zones"] = new JsonArray([.. region.ZoneNames.Select(z => (JsonNode)$"{ResourceLink.Base}projects/{project}/zones/{z}")]),
        ["quotas"] = quotas.InRegion(project, region.Name),
        ["selfLink"] = $"{ResourceLink.Base}projects/{project}/regions/{region.Name}",
        ["supportsPzs"] = false,
    };

    private static JsonObject Type(string project, string zone, MachineType type) => new()
    {
        ["kind"] = "compute#machineType",
        ["id"] = Id(type.Name),
        ["creationTimestamp"] = Since,
        ["name"] = type.Name,
        ["description"] = type.Description,
        ["guestCpus"] = type.GuestCpus,
        ["memoryMb"] = type.MemoryMb,
        ["imageSpaceGb"] = 0,
        ["maximumPersistentDisks"] = 128,
        ["maximumPersistentDisksSizeGb"] = "263168",
        ["isSharedCpu"] = type.IsSharedCpu,
        ["architecture"] = "X86_64",
        ["zone"] = zone,
        ["selfLink"] = $"{ResourceLink.Base}projects/{project}/zones/{zone}/machineTypes/{type.Name}",
    };

    private static JsonObject Type(string project, string zone, DiskType type) => new()
    {
        ["kind"] = "compute#diskType",
        ["id"] = Id(type.Name),
        ["creationTimestamp"] = Since,
        ["name"] = type.Name,
        ["description"] = type.Description,
        ["validDiskSize"] = "10GB-65536GB",
        ["defaultDiskSizeGb"] = type.DefaultSizeGb.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["zone"] = $"{ResourceLink.Base}projects/{project}/zones/{zone}",
        ["selfLink"] = $"{ResourceLink.Base}projects/{project}/zones/{zone}/diskTypes/{type.Name}",
    };

    private static JsonObject Image(Image image) => new()
    {
        ["kind"] = "compute#image",
        ["id"] = Id(image.Name),
        ["creationTimestamp"] = Since,
        ["name"] = image.Name,
        ["description"] = image.Description,
        ["family"] = image.Family,
        ["status"] = "READY",
        ["sourceType"] = "RAW",
        ["architecture"] = "X86_64",
        ["diskSizeGb"] = image.DiskSizeGb.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["archiveSizeBytes"] = "1000000000",
        ["licenses"] = new JsonArray(image.LicenseLink),
        ["selfLink"] = image.Link,
    };

    /// <summary>What is not made has an id as well; it follows from the name.</summary>
    public static string Id(string name) => "2" + ServerFields.ProjectNumber(name);
}
