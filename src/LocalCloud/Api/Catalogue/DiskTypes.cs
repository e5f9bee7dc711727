namespace PrimeDeploy.LocalCloud.Api.Catalogue;

/// <param name="DefaultSizeGb">What a disk without a size and a source gets.</param>
internal sealed record DiskType(string Name, string Description, int DefaultSizeGb);

/// <summary>The types of persistent disks (https://cloud.google.com/compute/docs/disks).</summary>
internal static class DiskTypes
{
    public const string Default = "pd-standard";

    public static IReadOnlyList<DiskType> All { get; } =
    [
        new("pd-balanced", "Balanced Persistent Disk", 100), new("pd-extreme", "Extreme Persistent Disk", 1000),
        new("pd-ssd", "SSD Persistent Disk", 100), new("pd-standard", "Standard Persistent Disk", 500),
    ];

    public static DiskType? Find(string name) => All.FirstOrDefault(t => t.Name == name);
}
