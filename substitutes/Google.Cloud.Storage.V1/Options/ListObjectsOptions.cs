using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How objects are listed. What is null is not asked for.</summary>
public sealed class ListObjectsOptions
{
    public Projection? Projection { get; set; }

    /// <summary>Objects whose name has it after the prefix are left out; their prefixes are in the raw responses.</summary>
    public string Delimiter { get; set; }

    public int? PageSize { get; set; }

    public string PageToken { get; set; }

    public bool? Versions { get; set; }

    public string StartOffset { get; set; }

    public string EndOffset { get; set; }

    public string UserProject { get; set; }

    internal Query Query => new()
    {
        { "projection", Projection },
        { "delimiter", Delimiter },
        { "versions", Versions },
        { "startOffset", StartOffset },
        { "endOffset", EndOffset },
        { "userProject", UserProject },
    };
}
