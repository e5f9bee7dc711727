using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <param name="Path">projects/P/global/images/N.</param>
/// <param name="Licenses">Null when it has none.</param>
internal sealed record FoundImage(string Path, string Id, long DiskSizeGb, JsonArray? Licenses)
{
    public string Link => ResourceLink.Base + Path;
}

/// <summary>Finds the image that a link means: a public or a project's own one, the newest of a family, or a family as a zone sees it.</summary>
internal static class ImageLookup
{
    /// <summary>For the message that an image cannot be found.</summary>
    public static string Explanation =>
        $"The referenced image resource cannot be found. Known are the families {string.Join(", ", Images.Public.Select(i => i.Family))} of projects/debian-cloud and the project's own images.";

    /// <param name="link">In any form; partial ones are in <paramref name="project"/>.</param>
    public static FoundImage? Find(DocumentStore store, string link, string project)
    {
        var path = ResourceLink.PathOf(link);
        if (!path.StartsWith("projects/", StringComparison.Ordinal))
            path = path.Contains('/', StringComparison.Ordinal) ? $"projects/{project}/{path}" : $"projects/{project}/global/images/{path}";
        if (Images.Find(path) is { } known)
            return new FoundImage(known.Path, CatalogueApi.Id(known.Name), known.DiskSizeGb, new JsonArray(known.LicenseLink));
        var own = path.Split('/') switch
        {
            ["projects", var owner, "global", "images", "family", var family] => NewestOf(store, owner, family),
            ["projects", var owner, "zones", _, "imageFamilyViews", var family] => NewestOf(store, owner, family),
            _ => ResourceName.FromLink(path) is { Collection: "images" } name ? store.Find(name) : null,
        };
        return own is null || own.IsDeleting() ? null
            : new FoundImage(ResourceLink.PathOf(own.Text("selfLink")!), own.Text("id")!, own.Integer("diskSizeGb") ?? 10, own["licenses"] as JsonArray);
    }

    /// <summary>The project's newest image of a family that is not deprecated; null when there is none.</summary>
    public static JsonObject? NewestOf(DocumentStore store, string project, string family) => store.List("images")
        .Where(i => i.Name.Project == project && i.Json.Text("family") == family && i.Json["deprecated"] is null)
        .Select(i => i.Json).NewestFirst(i => i).FirstOrDefault();
}
