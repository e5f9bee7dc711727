namespace PrimeDeploy.Deployer;

/// <summary>Links between resources, as Google's API writes them.</summary>
internal static class Link
{
    /// <summary>Links are given in full: some fields, such as a backend's group, take no shorter form.</summary>
    private const string Base = "https://www.googleapis.com/compute/v1/";

    /// <summary>The full link of <c>projects/P/…</c>.</summary>
    public static string To(string path) => Base + path;

    /// <summary><c>projects/P/…</c> of a link with any base: servers answer with a base of their own.</summary>
    public static string WithoutBase(string link) =>
        link.IndexOf("projects/", StringComparison.Ordinal) is var start and >= 0 ? link[start..] : link;

    /// <summary>The last segment: a resource's name.</summary>
    public static string Name(string link) => link[(link.LastIndexOf('/') + 1)..];
}
