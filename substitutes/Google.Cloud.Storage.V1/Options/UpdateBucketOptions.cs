using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How a bucket is replaced. What is null is not asked for.</summary>
public sealed class UpdateBucketOptions
{
    public long? IfMetagenerationMatch { get; set; }

    public long? IfMetagenerationNotMatch { get; set; }

    public Projection? Projection { get; set; }

    public string UserProject { get; set; }

    internal Query Query => new()
    {
        { "ifMetagenerationMatch", IfMetagenerationMatch },
        { "ifMetagenerationNotMatch", IfMetagenerationNotMatch },
        { "projection", Projection },
        { "userProject", UserProject },
    };
}
