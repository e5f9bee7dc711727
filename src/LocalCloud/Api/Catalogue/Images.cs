using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Catalogue;

/// <summary>A public image. Its machines are all made from the host's own system; the name only says what the client asked for.</summary>
internal sealed record Image(string Project, string Family, string Name, string Description, int DiskSizeGb)
{
    public string Path => $"projects/{Project}/global/images/{Name}";

    public string Link => ResourceLink.Base + Path;

    public string LicenseLink => $"{ResourceLink.Base}projects/{Project}/global/licenses/{Name.Split("-v")[0]}";
}

internal static class Images
{
    public static IReadOnlyList<Image> Public { get; } =
    [
        new("debian-cloud", "debian-11", "debian-11-bullseye-v20251111", "Debian, Debian GNU/Linux, 11 (bullseye), amd64", 10),
        new("debian-cloud", "debian-12", "debian-12-bookworm-v20251111", "Debian, Debian GNU/Linux, 12 (bookworm), amd64", 10),
        new("debian-cloud", "debian-13", "debian-13-trixie-v20251111", "Debian, Debian GNU/Linux, 13 (trixie), amd64", 10),
    ];

    /// <summary>The image that a link means: an image, the newest of a family, or a family as a zone sees it.</summary>
    public static Image? Find(string link) => ResourceLink.PathOf(link).Split('/') switch
    {
        ["projects", var project, "global", "images", "family", var family] => InFamily(project, family),
        ["projects", var project, "zones", _, "imageFamilyViews", var family] => InFamily(project, family),
        ["projects", var project, "global", "images", var name] => Public.FirstOrDefault(i => i.Project == project && i.Name == name),
        _ => null,
    };

    /// <summary>True for a project of Google's, whose images are these and no others.</summary>
    public static bool IsImageProject(string project) => Public.Any(i => i.Project == project);

    public static Image? InFamily(string project, string family) => Public.FirstOrDefault(i => i.Project == project && i.Family == family);
}
