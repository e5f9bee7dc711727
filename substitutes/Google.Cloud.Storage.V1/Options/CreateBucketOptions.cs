using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How a bucket is made. What is null is not asked for.</summary>
public sealed class CreateBucketOptions
{
    public Projection? Projection { get; set; }

    public string UserProject { get; set; }

    internal Query Query => new()
    {
        { "projection", Projection },
        { "userProject", UserProject },
    };
}
