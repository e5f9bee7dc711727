namespace PrimeDeploy.Deployer;

/// <summary>A resource that is as it is wanted.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Action">What was done.</param>
/// <param name="Duration">From the start of the change to its end; zero when nothing was done.</param>
/// <param name="Detail">What a person wants to know of it: an address, a number of machines; null for nothing.</param>
/// <param name="Uri">Where it can be opened in a browser; null for all but public web servers.</param>
public sealed record ResourceOutcome(Resource Resource, PlanAction Action, TimeSpan Duration, string? Detail, Uri? Uri);

/// <summary>
/// A resource that could not be made as it is wanted; the message says which, what was done, what Google answered and what to do.
/// </summary>
public sealed class ResourceFailedException(Resource resource, CloudError error, Exception? inner = null)
    : Exception($"{resource}: {error}", inner)
{
    /// <summary>The resource.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>What Google, or the network, answered.</summary>
    public CloudError Error { get; } = error;
}

/// <summary>A resource that was not made, or not completed, because one that it depends on failed.</summary>
public sealed class ResourceBlockedException(Resource resource, Resource failed)
    : Exception($"{resource}: not completed, because {failed} failed.")
{
    /// <summary>The resource.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>The resource that failed.</summary>
    public Resource Failed { get; } = failed;
}

/// <summary>How an apply ended.</summary>
/// <param name="Outcomes">The resources that are as they are wanted, in the order of the graph.</param>
/// <param name="Failures">The resources that failed themselves; not those that were left out because of them.</param>
/// <param name="Blocked">The resources that were not made, or not completed, because of a failure.</param>
/// <param name="Deleted">What was not wanted any more; empty unless everything else succeeded.</param>
/// <param name="Duration">From start to end.</param>
public sealed record ApplyReport(
    IReadOnlyList<ResourceOutcome> Outcomes, IReadOnlyList<ResourceFailedException> Failures, IReadOnlyList<Resource> Blocked,
    IReadOnlyList<TeardownItem> Deleted, TimeSpan Duration)
{
    /// <summary>Whether every resource is as it is wanted, and nothing else is left.</summary>
    public bool Succeeded => Failures.Count == 0 && Blocked.Count == 0 && Deleted.All(item => item.Result is not TeardownResult.Failed);
}
