namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>A bucket's objects in the order in which they are listed: by name, then by generation. Guarded by the store's lock.</summary>
internal sealed class Shelf(Bucket bucket)
{
    private readonly SortedList<string, SortedList<long, StoredObject>> _names = new(StringComparer.Ordinal);

    public Bucket Bucket { get; set; } = bucket;

    public bool IsEmpty => _names.Count == 0;

    public StoredObject? Live(string name) =>
        _names.TryGetValue(name, out var generations) && generations.Values[^1] is { IsLive: true } live ? live : null;

    /// <exception cref="StorageException">404.</exception>
    public StoredObject Get(string name, long? generation) =>
        (generation is not { } wanted ? Live(name)
            : _names.TryGetValue(name, out var generations) && generations.TryGetValue(wanted, out var found) ? found : null)
        ?? throw StorageException.NoSuchObject(Bucket.Name, name);

    public void Put(StoredObject stored)
    {
        if (!_names.TryGetValue(stored.Name, out var generations))
            _names[stored.Name] = generations = [];
        generations[stored.Generation] = stored;
    }

    public void Remove(StoredObject stored)
    {
        var generations = _names[stored.Name];
        generations.Remove(stored.Generation);
        if (generations.Count == 0)
            _names.Remove(stored.Name);
    }

    /// <summary>Every generation of every object whose name is not before <paramref name="lowerBound"/>.</summary>
    public IEnumerable<StoredObject> From(string lowerBound)
    {
        int low = 0, high = _names.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_names.Keys[middle], lowerBound) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        for (var i = low; i < _names.Count; i++)
            foreach (var stored in _names.Values[i].Values)
                yield return stored;
    }
}
