using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How buckets are listed. What is null is not asked for.</summary>
public sealed class ListBucketsOptions
{
    public Projection? Projection { get; set; }

    public int? PageSize { get; set; }

    public string PageToken { get; set; }

    public string Prefix { get; set; }

    internal Query Query => new()
    {
        { "projection", Projection },
        { "prefix", Prefix },
    };
}
