using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>How an object is read. What is null is not asked for.</summary>
public sealed class GetObjectOptions
{
    public long? IfGenerationMatch { get; set; }

    public long? IfGenerationNotMatch { get; set; }

    public long? IfMetagenerationMatch { get; set; }

    public long? IfMetagenerationNotMatch { get; set; }

    /// <summary>Null is the latest.</summary>
    public long? Generation { get; set; }

    public Projection? Projection { get; set; }

    public string UserProject { get; set; }

    internal Query Query => new()
    {
        { "ifGenerationMatch", IfGenerationMatch },
        { "ifGenerationNotMatch", IfGenerationNotMatch },
        { "ifMetagenerationMatch", IfMetagenerationMatch },
        { "ifMetagenerationNotMatch", IfMetagenerationNotMatch },
        { "generation", Generation },
        { "projection", Projection },
        { "userProject", UserProject },
    };
}
