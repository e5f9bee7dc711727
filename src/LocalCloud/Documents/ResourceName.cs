namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>Where a resource lives: <c>projects/P/zones/Z/instances/N</c>, without any host or API version in front.</summary>
/// <param name="Project">Project id.</param>
/// <param name="Scope"><c>global</c>, <c>regions/R</c> or <c>zones/Z</c>.</param>
/// <param name="Collection">For example <c>instances</c>, as it stands in the URL.</param>
/// <param name="Id">The resource's own name.</param>
internal readonly record struct ResourceName(string Project, string Scope, string Collection, string Id)
{
    public string Path => $"projects/{Project}/{Scope}/{Collection}/{Id}";

    /// <summary>The form in which documents hold links; the wire shows it on the base that the client asked on.</summary>
    public string Link => ResourceLink.Base + Path;

    /// <summary>The zone's name, or null when the resource is not zonal.</summary>
    public string? Zone => Scope.StartsWith("zones/", StringComparison.Ordinal) ? Scope["zones/".Length..] : null;

    /// <summary>The region's name, also of a zonal resource; null when it is global.</summary>
    public string? Region => Scope.StartsWith("regions/", StringComparison.Ordinal)
        ? Scope["regions/".Length..]
        : Zone is { } zone && zone.LastIndexOf('-') is > 0 and var dash ? zone[..dash] : null;

    /// <summary>The project's own document: its number and the metadata that all its machines see.</summary>
    public static ResourceName OfProject(string project) => new(project, "global", "projects", project);

    /// <summary>Reads a full or partial link (everything before <c>projects/</c> is ignored) to a resource in a scope.</summary>
    /// <returns>Null when it is no such link.</returns>
    public static ResourceName? FromLink(string? link)
    {
        var start = link?.IndexOf("projects/", StringComparison.Ordinal) ?? -1;
        if (start < 0)
            return null;
        return link![start..].Split('/') switch
        {
            [_, var project, "global", var collection, var id] => new(project, "global", collection, id),
            [_, var project, ("zones" or "regions") and var kind, var place, var collection, var id] => new(project, $"{kind}/{place}", collection, id),
            _ => null,
        };
    }

    public override string ToString() => Path;
}
