using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How a bucket is deleted. What is null is not asked for.</summary>
public sealed class DeleteBucketOptions
{
    public long? IfMetagenerationMatch { get; set; }

    public long? IfMetagenerationNotMatch { get; set; }

    /// <summary>Whether all generations of all objects are deleted first. Without it a bucket that is not empty is refused.</summary>
    public bool? DeleteObjects { get; set; }

    public string UserProject { get; set; }

    internal Query Query => new()
    {
        { "ifMetagenerationMatch", IfMetagenerationMatch },
        { "ifMetagenerationNotMatch", IfMetagenerationNotMatch },
        { "userProject", UserProject },
    };
}
