namespace PrimeDeploy.Deployer;

/// <summary>How one run goes about it. What is wanted is said by the deployment.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// Only these tasks of the lab and what they depend on; null for all. Only a run for all of them deletes what is no longer wanted.
    /// </summary>
    public IReadOnlySet<Step>? Steps { get; init; }

    /// <summary>
    /// Takes over what is there already under a wanted name and bears another deployment's mark, or none. Otherwise it stops the run before
    /// anything is changed.
    /// </summary>
    public bool Adopt { get; init; }

    /// <summary>Waits while another run holds the deployment's lease, instead of failing with <see cref="LeaseHeldException"/>.</summary>
    public bool Wait { get; init; }

    /// <summary>
    /// Keeps the lease when an apply has succeeded, for the verification of the same run, which gives it back. Whoever does not verify
    /// calls <see cref="DeploymentRun.ReleaseLeaseAsync"/>.
    /// </summary>
    public bool KeepLease { get; init; }

    /// <summary>
    /// With <see cref="KeepLease"/>: where the group is made from nothing, the verification's test instance is made at the same time. It is deleted
    /// by the verification, or when the lease is given back.
    /// </summary>
    public bool PrepareTest { get; init; }
}
