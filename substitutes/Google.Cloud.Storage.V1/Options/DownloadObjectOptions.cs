using Google.Apis.Download;
using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How content is downloaded. What is null is not asked for.</summary>
public sealed class DownloadObjectOptions
{
    /// <summary>In bytes.</summary>
    public int? ChunkSize { get; set; }

    /// <summary>Null is the latest.</summary>
    public long? Generation { get; set; }

    public long? IfGenerationMatch { get; set; }

    public long? IfGenerationNotMatch { get; set; }

    public long? IfMetagenerationMatch { get; set; }

    public long? IfMetagenerationNotMatch { get; set; }

    public string UserProject { get; set; }

    internal Query Query => new()
    {
        { "generation", Generation },
        { "ifGenerationMatch", IfGenerationMatch },
        { "ifGenerationNotMatch", IfGenerationNotMatch },
        { "ifMetagenerationMatch", IfMetagenerationMatch },
        { "ifMetagenerationNotMatch", IfMetagenerationNotMatch },
        { "userProject", UserProject },
    };

    internal void Apply(MediaDownloader downloader)
    {
        if (ChunkSize is { } size)
            downloader.ChunkSize = size;
    }
}
