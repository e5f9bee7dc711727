using System.Text.RegularExpressions;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>
/// Links between resources. Clients write them in many forms: full URLs on Google's bases or on this server's own, <c>projects/…</c>,
/// <c>zones/…</c>, <c>regions/…</c>, <c>global/…</c>, or a bare name. Documents hold one form only, <see cref="ResourceName.Link"/>.
/// </summary>
internal static partial class ResourceLink
{
    /// <summary>What every link in a document starts with.</summary>
    public const string Base = "https://www.googleapis.com/compute/v1/";

    /// <summary>Reads a link in any form that a client may write.</summary>
    /// <param name="link">What the client wrote.</param>
    /// <param name="project">The project that a partial link is in.</param>
    /// <param name="scope">The scope of a bare name.</param>
    /// <param name="collection">The collection that the link has to point into.</param>
    /// <returns>Null when it is no link into that collection.</returns>
    public static ResourceName? Resolve(string link, string project, string scope, string collection)
    {
        var path = PathOf(link);
        if (path.Length == 0)
            return null;
        var full = path.Contains('/', StringComparison.Ordinal)
            ? path.StartsWith("projects/", StringComparison.Ordinal) ? path : $"projects/{project}/{path}"
            : $"projects/{project}/{scope}/{collection}/{path}";
        return ResourceName.FromLink(full) is { } name && name.Collection == collection && name.Id.Length > 0 ? name : null;
    }

    /// <summary>The last segment: the name of a zone, machine type or disk type, however it was written.</summary>
    public static string LastSegment(string link) => link[(link.LastIndexOf('/') + 1)..];

    /// <summary>The link without host and API version.</summary>
    public static string PathOf(string link) => AnyBase().Replace(link, "");

    [GeneratedRegex("^(?:(?:https?:)?//[^/]+/(?:compute/(?:v1|beta|alpha)/)?|/?compute/(?:v1|beta|alpha)/|/)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyBase();
}
