namespace PrimeDeploy.Deployer;

/// <summary>Every kind that can be listed, and what of it a deployment owns.</summary>
internal static class ResourceKinds
{
    /// <summary>
    /// Each after the kinds that use it: the order of deletion. The bucket is the last, because the lease is in it and machines that still
    /// boot read from it.
    /// </summary>
    public static readonly DependencyGraph<ResourceKind> DeletionOrder = Order();

    private static DependencyGraph<ResourceKind> Order()
    {
        ResourceKind[] computing =
        [
            ForwardingRule.ResourceKind, BackendService.ResourceKind, ManagedInstanceGroup.ResourceKind, HealthCheck.ResourceKind,
            InstanceTemplate.ResourceKind, ReservedAddress.ResourceKind, FirewallRule.ResourceKind, Instance.ResourceKind,
        ];
        return new([.. computing, BucketObject.ResourceKind, Bucket.ResourceKind], kind =>
            kind == Bucket.ResourceKind ? [.. computing, BucketObject.ResourceKind]
            : kind == BucketObject.ResourceKind ? [ManagedInstanceGroup.ResourceKind, Instance.ResourceKind, InstanceTemplate.ResourceKind]
            : kind.UsedBy);
    }
}
