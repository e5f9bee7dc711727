namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Decides who may do what.</summary>
internal interface IStorageAccess
{
    /// <param name="request">Carries the credentials, if any.</param>
    /// <param name="permission">An IAM permission, for example storage.objects.get.</param>
    /// <param name="bucket">The bucket that it is about.</param>
    /// <param name="objectName">Null when it is about the bucket itself.</param>
    /// <exception cref="StorageException">401 or 403, worded as Cloud Storage does.</exception>
    void Demand(StorageRequest request, string permission, Bucket bucket, string? objectName);
}

/// <summary>The host's own endpoint listens on loopback only, for the person who started it: nothing is asked.</summary>
internal sealed class OpenAccess : IStorageAccess
{
    public static OpenAccess Instance { get; } = new();

    public void Demand(StorageRequest request, string permission, Bucket bucket, string? objectName)
    {
    }
}
