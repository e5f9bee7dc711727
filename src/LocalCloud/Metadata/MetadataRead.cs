namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>What a GET asks for, apart from waiting.</summary>
/// <param name="Path">Below <c>/computeMetadata/v1/</c>.</param>
/// <param name="Alt">json, text, or null for the default of what is there.</param>
internal sealed record MetadataRead(string Path, bool Recursive, string? Alt, IQueryCollection Query)
{
    public MetadataAnswer Of(MetadataDirectory root)
    {
        MetadataNode? node = root;
        foreach (var segment in Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = (node as MetadataDirectory)?.Find(segment);

        return node switch
        {
            MetadataDirectory directory => OfDirectory(directory),
            // A slash at the end asks for a directory.
            _ when node is null || Path.EndsWith('/') => MetadataAnswer.NotFound(Path),
            MetadataEndpoint endpoint => endpoint.Answer(Query),
            MetadataValue value => new(
                StatusCodes.Status200OK,
                IsJson(value.JsonByDefault) ? MetadataAnswer.JsonType : MetadataAnswer.TextType,
                IsJson(value.JsonByDefault) ? MetadataRendering.RecursiveJson(value) : value.Text,
                MetadataRendering.EntityTag(value, recursive: true), CanWait: true),
            _ => MetadataAnswer.NotFound(Path),
        };
    }

    private MetadataAnswer OfDirectory(MetadataDirectory directory)
    {
        if (!Recursive)
            return Alt is not null
                ? MetadataAnswer.Error(StatusCodes.Status400BadRequest, "alt on a directory needs recursive=true.")
                : MetadataAnswer.Text(MetadataRendering.Listing(directory)) with { EntityTag = MetadataRendering.EntityTag(directory, recursive: false) };
        return new(
            StatusCodes.Status200OK,
            IsJson(byDefault: true) ? MetadataAnswer.JsonType : MetadataAnswer.TextType,
            IsJson(byDefault: true) ? MetadataRendering.RecursiveJson(directory) : MetadataRendering.RecursiveText(directory),
            MetadataRendering.EntityTag(directory, recursive: true), CanWait: true);
    }

    private bool IsJson(bool byDefault) => Alt switch { "json" => true, "text" => false, _ => byDefault };
}
