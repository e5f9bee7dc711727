namespace PrimeDeploy.Deployer;

/// <summary>A call to the cloud failed for good; the message says which, what came back, and what to do.</summary>
public sealed class CloudException(CloudError error, Exception? inner = null) : Exception(error.ToString(), inner)
{
    /// <summary>What went wrong.</summary>
    public CloudError Error { get; } = error;
}
