namespace PrimeDeploy.Deployer;

/// <summary>
/// One thing that is wanted in the cloud. It knows how to find, compare, make, change and delete itself there, but holds nothing of what it
/// found: the same description serves any number of runs.
/// </summary>
public abstract class Resource
{
    private protected Resource(ResourceKind kind, string name, Step step)
    {
        KindInfo = kind;
        Name = name;
        Step = step;
    }

    /// <summary>What it is, in the words of Google's documentation: "firewall rule".</summary>
    public string Kind => KindInfo.Noun;

    /// <summary>Its name in the cloud. An instance template that was changed bears a suffix there.</summary>
    public string Name { get; }

    /// <summary>The task of the lab that it belongs to.</summary>
    public Step Step { get; }

    /// <summary>What has to be there before this is as it is wanted.</summary>
    public IReadOnlyList<Resource> DependsOn => [.. MadeAfter, .. SettlesAfter];

    /// <summary>For people: "firewall rule http".</summary>
    public override string ToString() => $"{Kind} {Name}";

    internal ResourceKind KindInfo { get; }

    /// <summary>What this resource names in the cloud: it cannot be deleted as long as this one is there.</summary>
    internal IReadOnlyList<Resource> Uses { get; init; } = [];

    /// <summary>What only has to be there before, or knows something that this needs.</summary>
    internal IReadOnlyList<Resource> After { get; init; } = [];

    /// <summary>What has to be there before this can be made.</summary>
    internal IReadOnlyList<Resource> MadeAfter => [.. Uses, .. After];

    /// <summary>What it needs only to come to rest: it is made meanwhile.</summary>
    internal IReadOnlyList<Resource> SettlesAfter { get; init; } = [];

    /// <summary>Whether a replacement is made under another name beside the old one, which stays until nothing uses it.</summary>
    internal virtual bool ReplacedBeside => false;

    /// <summary>Whether it is found among all of its kind that are listed; otherwise it is read by itself.</summary>
    internal virtual bool IsListed => KindInfo.ListAsync is not null;

    /// <summary>Finds it among all of its kind; null when it is not there.</summary>
    internal virtual object? FindAmong(IReadOnlyList<FoundResource> all, Observed seen) => all.FirstOrDefault(found => found.Name == Name)?.Message;

    /// <summary>The name under which Google's message has it.</summary>
    internal virtual string NameIn(object message) => Name;

    /// <summary>Reads it, with one call; null when it is not there.</summary>
    internal abstract Task<object?> FindAsync(CloudApi api, Observed seen, CancellationToken cancellationToken);

    /// <summary>Compares what was found with what is wanted, as far as what it depends on is known.</summary>
    internal abstract Assessment Assess(object? found, Observed seen);

    /// <summary>Makes it, when it is not there. Returns what is there then.</summary>
    internal abstract Task<object> CreateAsync(CloudApi api, Observed seen, Assessment assessment, CancellationToken cancellationToken);

    /// <summary>Changes it in place. Returns what is there then.</summary>
    internal abstract Task<object> UpdateAsync(CloudApi api, Observed seen, Assessment assessment, CancellationToken cancellationToken);

    /// <summary>Waits until it is at rest, and returns what is there then. What depends on it does not wait for that.</summary>
    internal abstract Task<object> SettleAsync(
        CloudApi api, object actual, Observed seen, Action<string> waiting, CancellationToken cancellationToken);

    /// <summary>What a person wants to know of it.</summary>
    internal abstract string? DetailOf(object actual);

    /// <summary>Where it can be opened in a browser.</summary>
    internal virtual Uri? UriOf(object actual) => null;
}

/// <summary>What was found out about a resource.</summary>
/// <param name="Action">What has to be done.</param>
/// <param name="Differences">Why, field by field.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Actual">Google's message of what is there, or null.</param>
/// <param name="Desired">Google's message of what is wanted.</param>
/// <param name="Conflict">Why it must not be touched; null when it may.</param>
internal sealed record Assessment(
    PlanAction Action, IReadOnlyList<FieldDifference> Differences, string? Reason, object? Actual, object Desired, string? Conflict = null);
