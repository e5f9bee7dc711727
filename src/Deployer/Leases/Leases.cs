namespace PrimeDeploy.Deployer;

/// <summary>Takes leases the way a run was asked to.</summary>
internal static class Leases
{
    /// <exception cref="LeaseHeldException">Another run holds it, and this one does not wait.</exception>
    public static Task<Lease> AcquireAsync(
        CloudApi api, DeploymentOptions options, string doing, bool wait, EventStream events, CancellationToken cancellationToken)
    {
        LeaseHolder? told = null;
        return Lease.AcquireAsync(api, options, doing, wait ? Tell : null, cancellationToken);

        void Tell(LeaseHolder holder)
        {
            if (holder.Run != told?.Run) events.Report(at => new LeaseAwaited(at, holder.Owner, holder.Since, holder.Until));
            told = holder;
        }
    }

    /// <summary>
    /// For work on a deployment that may not be there: without its bucket there is nothing that a lease could be in, and nobody else works on
    /// it but who makes it.
    /// </summary>
    /// <returns>Null when there is no bucket, or it is someone else's.</returns>
    public static async Task<Lease?> AcquireInAsync(
        Google.Apis.Storage.v1.Data.Bucket? bucket, CloudApi api, DeploymentOptions options, string doing, bool wait, EventStream events,
        CancellationToken cancellationToken) =>
        OwnershipMark.Parse(bucket?.Labels)?.Deployment == options.Name
            ? await AcquireAsync(api, options, doing, wait, events, cancellationToken) : null;
}
