namespace PrimeDeploy.Deployer;

/// <summary>
/// Deletes what bears a deployment's mark. It asks the cloud what is there and needs no memory: whatever killed a run, and whatever it had
/// made, it is found. Each kind goes as soon as the kinds that use it are gone; within a kind all at once.
/// </summary>
internal sealed class Teardown(DeploymentOptions options, CloudApi api, EventStream events)
{
    /// <summary>Every kind that can be listed.</summary>
    internal static readonly DependencyGraph<ResourceKind> Kinds = new(
        [
            ForwardingRule.ResourceKind, BackendService.ResourceKind, ManagedInstanceGroup.ResourceKind, HealthCheck.ResourceKind,
                InstanceTemplate.ResourceKind,
            InternalAddress.ResourceKind, FirewallRule.ResourceKind, Instance.ResourceKind, Bucket.ResourceKind,
        ],
        kind => kind.UsedBy);

    public async Task<TeardownReport> RunAsync(CancellationToken cancellationToken)
    {
        if (options.ValidateTarget() is { Count: > 0 } problems) throw new DeploymentRefusedException(problems);
        var start = events.Time.GetTimestamp();
        if (await Preflight.CheckZoneAsync(api, cancellationToken) is { } unknown) throw new DeploymentRefusedException([unknown]);

        var gone = new Dictionary<ResourceKind, Task<IReadOnlyList<TeardownItem>>>();
        foreach (var kind in Kinds.Order)
        {
            var users = kind.UsedBy.Select(user => gone[user]).ToList();
            gone[kind] = DeleteAllAsync(kind, users, cancellationToken);
        }
        var items = (await Task.WhenAll(gone.Values)).SelectMany(found => found).ToList();
        items.Add(Report(new("subnet access", options.Network, TeardownResult.Left, TimeSpan.Zero,
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
            return [Report(new(kind.Noun, "*", TeardownResult.Failed, TimeSpan.Zero, exception.Message))];
        }
        await Task.WhenAll(users);
        return await Task.WhenAll(owned.Select(found => DeleteAsync(kind, found.Name, cancellationToken)));
    }

    private async Task<TeardownItem> DeleteAsync(ResourceKind kind, string name, CancellationToken cancellationToken)
    {
        var start = events.Time.GetTimestamp();
        Report(new(kind.Noun, name, TeardownResult.Deleting, TimeSpan.Zero));
        try
        {
            await kind.DeleteAsync(api, name, cancellationToken);
            return Report(new(kind.Noun, name, TeardownResult.Deleted, events.Time.GetElapsedTime(start)));
        }
        catch (CloudException exception)
        {
            return Report(new(kind.Noun, name, TeardownResult.Failed, events.Time.GetElapsedTime(start), exception.Message));
        }
    }

    private TeardownItem Report(TeardownItem item)
    {
        events.Report(at => new TeardownProgress(at, item));
        return item;
    }
}
