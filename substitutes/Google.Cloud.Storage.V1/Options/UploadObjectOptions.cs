using Google.Apis.Upload;

namespace Google.Cloud.Storage.V1;

/// <summary>How content is uploaded. What is null is not asked for.</summary>
public sealed class UploadObjectOptions
{
    /// <summary>In bytes. Every chunk but the last is a multiple of it.</summary>
    public const int MinimumChunkSize = ResumableUpload.MinimumChunkSize;

    private int? _chunkSize;

    /// <summary>0 means that the object must not exist yet.</summary>
    public long? IfGenerationMatch { get; set; }

    public long? IfGenerationNotMatch { get; set; }

    public long? IfMetagenerationMatch { get; set; }

    public long? IfMetagenerationNotMatch { get; set; }

    public Projection? Projection { get; set; }

    public string UserProject { get; set; }

    /// <summary>In bytes; null is 10 MiB.</summary>
    /// <exception cref="ArgumentException">Not a positive multiple of <see cref="MinimumChunkSize"/>.</exception>
    public int? ChunkSize
    {
        get => _chunkSize;
        set => _chunkSize = value is null or > 0 && value.GetValueOrDefault() % MinimumChunkSize == 0
            ? value
            : throw new ArgumentException($"Requested chunk size {value} is not a positive multiple of {MinimumChunkSize}", nameof(value));
    }
}
