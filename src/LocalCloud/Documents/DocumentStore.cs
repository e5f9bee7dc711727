using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>
/// Every resource as the JSON that the API shows of it, plus a member <c>$local</c> for what only this server needs to know
/// (machine id, being deleted, …), which the API strips. Documents handed out are snapshots: never changed, replaced by <see cref="Update"/>.
/// </summary>
internal sealed class DocumentStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (ResourceName Name, JsonObject Json)> _documents = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public JsonObject? Find(ResourceName name)
    {
        lock (_gate)
            return _documents.TryGetValue(name.Path, out var document) ? document.Json : null;
    }

    /// <summary>All documents of a collection, in every project and scope, ordered by path.</summary>
    public IReadOnlyList<(ResourceName Name, JsonObject Json)> List(string collection)
    {
        lock (_gate)
            return [.. _documents.Values.Where(d => d.Name.Collection == collection)];
    }

    /// <returns>False when it is there already.</returns>
    public bool TryInsert(ResourceName name, JsonObject json)
    {
        lock (_gate)
        {
            if (!_documents.TryAdd(name.Path, (name, json)))
                return false;
            Signal();
            return true;
        }
    }

    /// <summary>Changes a copy of the document and puts it in place of the old one.</summary>
    /// <returns>The new document, or null when there is none of that name.</returns>
    public JsonObject? Update(ResourceName name, Action<JsonObject> change)
    {
        lock (_gate)
        {
            if (!_documents.TryGetValue(name.Path, out var document))
                return null;
            var copy = (JsonObject)document.Json.DeepClone();
            change(copy);
            _documents[name.Path] = (name, copy);
            Signal();
            return copy;
        }
    }

    public bool Remove(ResourceName name)
    {
        lock (_gate)
        {
            if (!_documents.Remove(name.Path))
                return false;
            Signal();
            return true;
        }
    }

    /// <summary>Completes at once when the store has changed since <paramref name="version"/>, else at the next change.</summary>
    public Task WhenChangedAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Version != version ? Task.CompletedTask : _changed.Task.WaitAsync(cancellationToken);
    }

    private void Signal()
    {
        Version++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
