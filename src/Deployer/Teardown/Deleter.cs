namespace PrimeDeploy.Deployer;

/// <summary>Deletes one thing after the other or side by side, and tells of it. A failure is a result, not an exception.</summary>
internal sealed class Deleter(CloudApi api, EventStream events)
{
    public async Task<TeardownItem> DeleteAsync(ResourceKind kind, string name, CancellationToken cancellationToken)
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

    /// <summary>Deletes what is left over: kind after kind, each after its users, within a kind all at once.</summary>
    public async Task<IReadOnlyList<TeardownItem>> DeleteAsync(IReadOnlyList<Leftover> leftovers, CancellationToken cancellationToken)
    {
        var items = new List<TeardownItem>();
        foreach (var kind in leftovers.GroupBy(left => left.Kind))
            items.AddRange(await Task.WhenAll(kind.Select(left => DeleteAsync(left.Kind, left.Name, cancellationToken))));
        return items;
    }

    public TeardownItem Report(TeardownItem item)
    {
        events.Report(at => new TeardownProgress(at, item));
        return item;
    }
}
