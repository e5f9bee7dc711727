using System.Collections.Concurrent;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What is there, kind by kind. One list per kind and run: it finds the wanted resources as well as those that nobody wants any more, with
/// fewer calls than one per resource.
/// </summary>
internal sealed class Inventory(CloudApi api, CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<ResourceKind, Lazy<Task<IReadOnlyList<FoundResource>>>> _lists = new();

    /// <summary>All of the kind, whoever made them.</summary>
    /// <exception cref="CloudException">They cannot be listed.</exception>
    public Task<IReadOnlyList<FoundResource>> AllAsync(ResourceKind kind) =>
        _lists.GetOrAdd(kind, key => new(() => ListAsync(key))).Value;

    /// <summary>What is there of a wanted resource; null when it is not there.</summary>
    public async Task<object?> FindAsync(Resource resource, Observed seen) => resource.IsListed
        ? resource.FindAmong(await AllAsync(resource.KindInfo), seen)
        : await resource.FindAsync(api, seen, cancellationToken);

    private async Task<IReadOnlyList<FoundResource>> ListAsync(ResourceKind kind) => [.. await kind.ListAsync!(api, cancellationToken)];
}
