namespace PrimeDeploy.Deployer;

/// <summary>What all resources of a kind have in common, and how teardown finds and deletes them without knowing what was wanted.</summary>
/// <param name="Noun">In the words of Google's documentation: "firewall rule".</param>
/// <param name="DeleteAsync">Deletes one by its name and waits until it is gone; succeeds when it is not there.</param>
/// <param name="ListAsync">All that are there, whoever made them; null when they go with something else, or always stay.</param>
internal sealed record ResourceKind(
    string Noun,
    Func<CloudApi, string, CancellationToken, Task> DeleteAsync,
    Func<CloudApi, CancellationToken, Task<IEnumerable<FoundResource>>>? ListAsync)
{
    /// <summary>The kinds whose resources name resources of this one: they have to go first.</summary>
    public IReadOnlyList<ResourceKind> UsedBy { get; init; } = [];

    public override string ToString() => Noun;
}

/// <summary>Something that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mark">Whose it is; null when it bears no mark.</param>
/// <param name="Message">Google's message of it.</param>
internal sealed record FoundResource(string Name, OwnershipMark? Mark, object Message)
{
    /// <summary>It goes by itself: somebody has it deleted already.</summary>
    public bool IsGoing { get; init; }
}
