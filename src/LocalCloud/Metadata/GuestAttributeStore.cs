using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// What machines write about themselves, a file for each (https://cloud.google.com/compute/docs/metadata/manage-guest-attributes).
/// The key is the instance's id, so that a new machine of the same name begins with nothing.
/// </summary>
internal sealed class GuestAttributeStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _attributes = new(StringComparer.Ordinal);
    private readonly string _directory;
    private TaskCompletionSource _changed = NewSignal();

    public GuestAttributeStore(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        foreach (var file in Directory.EnumerateFiles(directory, "*.json"))
            if (StorageFiles.ReadJson(file) is { } json)
                _attributes[Path.GetFileNameWithoutExtension(file)] = json;
    }

    /// <summary>Completes at the next change. Ask for it before looking at what is there.</summary>
    public Task WhenChangedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _changed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ordered by namespace, then key.</summary>
    public IReadOnlyList<(string Namespace, string Key, string Value)> List(string instanceId)
    {
        lock (_gate)
        {
            if (!_attributes.TryGetValue(instanceId, out var namespaces))
                return [];
            return [.. from space in namespaces
                       from entry in space.Value!.AsObject()
                       orderby space.Key, entry.Key
                       select (space.Key, entry.Key, entry.Value!.GetValue<string>())];
        }
    }

    public void Put(string instanceId, string space, string key, string value) => Change(instanceId, namespaces =>
    {
        if (namespaces[space] is not JsonObject entries)
            namespaces[space] = entries = [];
        entries[key] = value;
        return true;
    });

    /// <returns>False when it was not there.</returns>
    public bool Remove(string instanceId, string space, string key) => Change(instanceId, namespaces =>
    {
        if (namespaces[space] is not JsonObject entries || !entries.Remove(key))
            return false;
        if (entries.Count == 0)
            namespaces.Remove(space);
        return true;
    });

    /// <summary>Forgets machines that are no more.</summary>
    /// <param name="instanceIds">Those that are.</param>
    public void Keep(IReadOnlySet<string> instanceIds)
    {
        lock (_gate)
        {
            foreach (var gone in _attributes.Keys.Where(id => !instanceIds.Contains(id)).ToList())
            {
                _attributes.Remove(gone);
                File.Delete(FileOf(gone));
            }
        }
    }

    private bool Change(string instanceId, Func<JsonObject, bool> change)
    {
        lock (_gate)
        {
            var namespaces = _attributes.TryGetValue(instanceId, out var known) ? known : [];
            if (!change(namespaces))
                return false;
            _attributes[instanceId] = namespaces;
            StorageFiles.WriteJson(FileOf(instanceId), namespaces);
            var changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
            return true;
        }
    }

    private string FileOf(string instanceId) => Path.Combine(_directory, instanceId + ".json");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
