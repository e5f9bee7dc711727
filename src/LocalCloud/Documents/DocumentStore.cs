using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>
/// Every resource as the JSON that the API shows of it, plus a member <c>$local</c> for what only this server needs to know
/// (machine id, being deleted, …), which the API strips. Documents handed out are snapshots: never changed, replaced by <see cref="Update"/>.
/// </summary>
/// <param name="recorder">Told of every change, in order and before anyone can see it: the new document, or null when it was removed.</param>
internal sealed class DocumentStore(Action<ResourceName, JsonObject?>? recorder = null)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (ResourceName Name, JsonObject Json)> _documents = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    public JsonObject? Find(ResourceName name)
    {
        lock (_gate)
            return _documents.TryGetValue(name.Path, out var document) ? document.Json : null;
    }

    /// <summary>All documents, ordered by path.</summary>
    public IReadOnlyList<(ResourceName Name, JsonObject Json)> All()
    {
        lock (_gate)
            return [.. _documents.Values];
    }

    /// <summary>All documents of a collection, in every project and scope, ordered by path.</summary>
    public IReadOnlyList<(ResourceName Name, JsonObject Json)> List(string collection)
    {
        lock (_gate)
            return [.. _documents.Values.Where(d => d.Name.Collection == collection)];
    }

    /// <summary>Runs several reads and changes as one step that no other change comes between. It must not block.</summary>
    public T Transact<T>(Func<T> step)
    {
        lock (_gate)
            return step();
    }

    /// <inheritdoc cref="Transact{T}(Func{T})"/>
    public void Transact(Action step)
    {
        lock (_gate)
            step();
    }

    /// <returns>False when it is there already.</returns>
    public bool TryInsert(ResourceName name, JsonObject json)
    {
        lock (_gate)
        {
            if (_documents.ContainsKey(name.Path))
                return false;
            recorder?.Invoke(name, json);
            _documents.Add(name.Path, (name, json));
            Signal();
            return true;
        }
    }

    /// <summary>Changes a copy of the document and puts it in place of the old one; nothing happens when the copy ends up equal to it.</summary>
    /// <returns>The new document, or null when there is none of that name.</returns>
    public JsonObject? Update(ResourceName name, Action<JsonObject> change)
    {
        lock (_gate)
        {
            if (!_documents.TryGetValue(name.Path, out var document))
                return null;
            var copy = (JsonObject)document.Json.DeepClone();
            change(copy);
            if (JsonNode.DeepEquals(copy, document.Json))
                return document.Json;
            recorder?.Invoke(name, copy);
            _documents[name.Path] = (name, copy);
            Signal();
            return copy;
        }
    }

    public bool Remove(ResourceName name)
    {
        lock (_gate)
        {
            if (!_documents.ContainsKey(name.Path))
                return false;
            recorder?.Invoke(name, null);
            _documents.Remove(name.Path);
            Signal();
            return true;
        }
    }

    /// <summary>Completes at once when the store has changed since <paramref name="version"/>, else at the next change.</summary>
    public Task WhenChangedAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate)
            return _version != version ? Task.CompletedTask : _changed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Puts back what an earlier server kept; not a change to be recorded.</summary>
    internal void Load(ResourceName name, JsonObject json)
    {
        lock (_gate)
        {
            _documents[name.Path] = (name, json);
            Signal();
        }
    }

    private void Signal()
    {
        _version++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
