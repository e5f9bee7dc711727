using Object = Google.Apis.Storage.v1.Data.Object;

namespace Google.Cloud.Storage.V1;

/// <summary>What arrived is not what was sent. The object has been deleted again, unless <see cref="AdditionalFailures"/> says why not.</summary>
public sealed class UploadValidationException : IOException
{
    internal UploadValidationException(string clientSideHash, Object uploadedObject, AggregateException additionalFailures)
        : base(
            $"Incorrect hash: expected '{clientSideHash}' (base64), was '{uploadedObject.Crc32c}' (base64)",
            additionalFailures)
    {
        ClientSideHash = clientSideHash;
        UploadedObject = uploadedObject;
        AdditionalFailures = additionalFailures;
    }

    /// <summary>Base64 of the CRC-32C of what was sent.</summary>
    public string ClientSideHash { get; }

    public Object UploadedObject { get; }

    /// <summary>Null when the object could be deleted.</summary>
    public AggregateException AdditionalFailures { get; }
}
