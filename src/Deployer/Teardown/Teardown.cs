namespace PrimeDeploy.Deployer;

/// <summary>
/// Deletes what bears a deployment's mark. It asks the cloud what is there and needs no memory: whatever killed a run, and whatever it had
/// made, it is found. Each kind goes as soon as the kinds that use it are gone; within a kind all at once.
/// </summary>
internal sealed class Teardown(DeploymentOptions options, CloudApi api, EventStream events)
{
    private readonly Deleter _deleter = new(api, events);

    public async Task<TeardownReport> RunAsync(CancellationToken cancellationToken)
    {
        var start = events.Time.GetTimestamp();
        var gone = new Dictionary<ResourceKind, Task<IReadOnlyList<TeardownItem>>>();
        // Objects go with their bucket.
        foreach (var kind in ResourceKinds.DeletionOrder.Order.Where(kind => kind != BucketObject.ResourceKind))
        {
            var users = ResourceKinds.DeletionOrder.DependenciesOf(kind).Where(gone.ContainsKey).Select(user => gone[user]).ToList();
            gone[kind] = DeleteAllAsync(kind, users, cancellationToken);
        }
        var items = (await Task.WhenAll(gone.Values)).SelectMany(found => found).ToList();
        items.Add(_deleter.Report(new("subnet access", options.Network, TeardownResult.Left, TimeSpan.Zero,
            $"Private Google Access stays on: the subnet of {options.Region} is shared with others of the network.")));
        return new(items, events.Time.GetElapsedTime(start));
    }

    /// <summary>Listing begins at once, deleting when the users are gone.</summary>
    private async Task<IReadOnlyList<TeardownItem>> DeleteAllAsync(
        ResourceKind kind, IReadOnlyList<Task<IReadOnlyList<TeardownItem>>> users, CancellationToken cancellationToken)
    {
        IReadOnlyList<FoundResource> owned;
        try
        {
            owned = [.. (await kind.ListAsync!(api, cancellationToken)).Where(found => found.Mark?.Deployment == options.Name)];
        }
        catch (CloudException exception)
        {
            return [_deleter.Report(new(kind.Noun, "*", TeardownResult.Failed, TimeSpan.Zero, exception.Message))];
        }
        var before = await Task.WhenAll(users);
        // The bucket is how others find the deployment: as long as something is left, so is the bucket.
        if (kind == Bucket.ResourceKind && before.SelectMany(items => items).Any(item => item.Result is TeardownResult.Failed))
            return [.. owned.Select(found => _deleter.Report(new(
                kind.Noun, found.Name, TeardownResult.Left, TimeSpan.Zero, "It stays until everything else is gone.")))];
        return await Task.WhenAll(owned.Select(found => _deleter.DeleteAsync(kind, found.Name, cancellationToken)));
    }
}
