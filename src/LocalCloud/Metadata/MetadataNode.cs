using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>A place in a machine's metadata.</summary>
internal abstract record MetadataNode;

/// <param name="Json">As JSON.</param>
/// <param name="Text">As text.</param>
/// <param name="JsonByDefault">Tags are shown as JSON unless text is asked for.</param>
internal sealed record MetadataValue(JsonNode Json, string Text, bool JsonByDefault = false) : MetadataNode
{
    public static MetadataValue Of(string text) => new(JsonValue.Create(text), text);

    /// <summary>A number, kept exactly: instance ids have more digits than a double.</summary>
    public static MetadataValue Of(long number) => new(JsonValue.Create(number), JsonValue.Create(number).ToJsonString());

    /// <summary>A list that is one value: one entry per line as text.</summary>
    public static MetadataValue OfLines(IEnumerable<string> lines, bool jsonByDefault = false)
    {
        var all = lines.ToList();
        return new(new JsonArray([.. all.Select(l => JsonValue.Create(l))]), string.Concat(all.Select(l => l + "\n")), jsonByDefault);
    }
}

/// <param name="Form">How it looks as JSON.</param>
/// <param name="Entries">In the order of listings.</param>
internal sealed record MetadataDirectory(DirectoryForm Form, IReadOnlyList<(string Name, MetadataNode Node)> Entries) : MetadataNode
{
    public static MetadataDirectory Of(params IReadOnlyList<(string Name, MetadataNode Node)> entries) =>
        new(DirectoryForm.Fields, [.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)]);

    public static MetadataDirectory OfNames(IEnumerable<(string Name, MetadataNode Node)> entries) =>
        new(DirectoryForm.Names, [.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)]);

    public static MetadataDirectory OfList(IEnumerable<MetadataNode> entries) =>
        new(DirectoryForm.List, [.. entries.Select((node, index) => (index.ToString(), node))]);

    public MetadataNode? Find(string name) => Entries.FirstOrDefault(e => e.Name == name).Node;
}

/// <summary>What is made when it is asked for: tokens. Listings show it, dumps leave it out.</summary>
internal sealed record MetadataEndpoint(Func<IQueryCollection, MetadataAnswer> Answer) : MetadataNode;

internal enum DirectoryForm
{
    /// <summary>Members with names of Google's, which JSON writes in camel case.</summary>
    Fields,

    /// <summary>Members with names of people's, kept as they are.</summary>
    Names,

    /// <summary>Numbered entries, in JSON an array.</summary>
    List,
}
