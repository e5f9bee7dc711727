using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Buckets and objects: metadata in memory and on disk, content on disk only. Preconditions and the change that they guard are one step.</summary>
internal sealed class StorageStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private long _lastGeneration;

    private StorageStore(StorageFiles files, TimeProvider time) => (Files, _time) = (files, time);

    public StorageFiles Files { get; }

    /// <param name="directory">Made if missing; belongs to this store alone.</param>
    public static StorageStore Open(string directory, TimeProvider time)
    {
        var store = new StorageStore(new(directory), time);
        foreach (var (bucket, objects) in store.Files.Load())
        {
            var shelf = store._shelves[bucket.Name] = new(bucket);
            foreach (var stored in objects.OrderBy(o => o.Generation))
            {
                // Two live generations: the server was killed after the new one was written and before the old one was put away.
                if (stored.IsLive && shelf.Live(stored.Name) is { } replaced)
                    store.Retire(shelf, replaced);
                shelf.Put(stored);
                store._lastGeneration = Math.Max(store._lastGeneration, stored.Generation);
            }
        }

        return store;
    }

    public int BucketCount
    {
        get
        {
            lock (_gate)
                return _shelves.Count;
        }
    }

    public IReadOnlyList<Bucket> ListBuckets(string project)
    {
        lock (_gate)
            return [.. _shelves.Values.Select(s => s.Bucket).Where(b => b.Project == project)];
    }

    /// <exception cref="StorageException">404.</exception>
    public Bucket GetBucket(string name)
    {
        lock (_gate)
            return Find(name).Bucket;
    }

    /// <exception cref="StorageException">409: the name is taken.</exception>
    public Bucket InsertBucket(Bucket bucket)
    {
        lock (_gate)
        {
            if (_shelves.TryGetValue(bucket.Name, out var taken))
                throw taken.Bucket.Project == bucket.Project
                    ? StorageException.Conflict("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
                    : StorageException.Conflict("BucketAlreadyExists",
                        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.");
            Files.Save(bucket);
            _shelves[bucket.Name] = new(bucket);
            return bucket;
        }
    }

    /// <summary>Changes a copy of the bucket's resource; metageneration and time of update follow by themselves.</summary>
    public Bucket UpdateBucket(string name, Preconditions preconditions, Action<JsonObject> change) =>
        ReplaceBucket(name, preconditions, bucket =>
        {
            var json = (JsonObject)bucket.Json.DeepClone();
            change(json);
            json["metageneration"] = (bucket.Metageneration + 1).Wire();
            json["updated"] = _time.GetUtcNow().Wire();
            return bucket with { Json = json };
        });

    public Bucket ReplaceBucket(string name, Preconditions preconditions, Func<Bucket, Bucket> change)
    {
        lock (_gate)
        {
            var shelf = Find(name);
            preconditions.Check(0, shelf.Bucket.Metageneration);
            var changed = change(shelf.Bucket);
            Files.Save(changed);
            return shelf.Bucket = changed;
        }
    }

    /// <exception cref="StorageException">404, 412, or 409 when it is not empty.</exception>
    public void DeleteBucket(string name, Preconditions preconditions)
    {
        lock (_gate)
        {
            var shelf = Find(name);
            preconditions.Check(0, shelf.Bucket.Metageneration);
            if (!shelf.IsEmpty)
                throw StorageException.Conflict("BucketNotEmpty", "The bucket you tried to delete is not empty.");
            Files.Delete(shelf.Bucket);
            _shelves.Remove(name);
        }
    }

    public ObjectPage ListObjects(string bucket, ObjectQuery query)
    {
        lock (_gate)
            return ObjectPage.Of(Find(bucket).From(query.LowerBound), query);
    }

    /// <param name="generation">Null for the live one.</param>
    /// <exception cref="StorageException">404, 412 or 304.</exception>
    public StoredObject GetObject(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (_gate)
        {
            var found = Find(bucket).Get(name, generation);
            preconditions.CheckRead(found.Generation, found.Metageneration);
            return found;
        }
    }

    /// <summary>The object and its content, which stays readable when the object is deleted or replaced meanwhile.</summary>
    public (StoredObject Object, FileStream Content) OpenObject(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (_gate)
        {
            var found = GetObject(bucket, name, generation, preconditions);
            return (found, new(Files.ContentPath(found), new FileStreamOptions
            {
                Share = FileShare.Read | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            }));
        }
    }

    /// <summary>Checks what can be checked before the content arrives, so that a refused upload does not have to be sent first.</summary>
    public void CheckInsert(string bucket, string name, Preconditions preconditions)
    {
        lock (_gate)
        {
            var live = Find(bucket).Live(name);
            preconditions.Check(live?.Generation ?? 0, live?.Metageneration ?? 0);
        }
    }

    /// <summary>Makes a new generation of an object live.</summary>
    /// <param name="json">Complete but for bucket, generation, metageneration and times.</param>
    /// <param name="contentPath">A finished file on the store's file system; it is moved.</param>
    public StoredObject InsertObject(string bucket, JsonObject json, string contentPath, Preconditions preconditions)
    {
        lock (_gate)
        {
            var shelf = Find(bucket);
            var replaced = shelf.Live(json.Text("name")!);
            preconditions.Check(replaced?.Generation ?? 0, replaced?.Metageneration ?? 0);

            var now = _time.GetUtcNow();
            _lastGeneration = Math.Max(_lastGeneration + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            json["bucket"] = bucket;
            json["generation"] = _lastGeneration.Wire();
            json["metageneration"] = "1";
            foreach (var time in (string[])["timeCreated", "updated", "timeStorageClassUpdated", "timeFinalized"])
                json[time] = now.Wire();

            var stored = new StoredObject(json);
            Files.Save(stored, contentPath);
            if (replaced is not null)
                Retire(shelf, replaced);
            shelf.Put(stored);
            return stored;
        }
    }

    public StoredObject UpdateObject(string bucket, string name, long? generation, Preconditions preconditions, Action<JsonObject> change)
    {
        lock (_gate)
        {
            var shelf = Find(bucket);
            var found = shelf.Get(name, generation);
            preconditions.Check(found.Generation, found.Metageneration);
            var json = (JsonObject)found.Json.DeepClone();
            change(json);
            json["metageneration"] = (found.Metageneration + 1).Wire();
            json["updated"] = _time.GetUtcNow().Wire();
            var changed = new StoredObject(json);
            Files.Save(changed, stagedContent: null);
            shelf.Put(changed);
            return changed;
        }
    }

    /// <param name="generation">Null: the live one, which a bucket with versioning keeps as noncurrent.</param>
    public void DeleteObject(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (_gate)
        {
            var shelf = Find(bucket);
            var found = shelf.Get(name, generation);
            preconditions.Check(found.Generation, found.Metageneration);
            if (generation is null)
                Retire(shelf, found);
            else
                Drop(shelf, found);
        }
    }

    private void Retire(Shelf shelf, StoredObject stored)
    {
        if (!shelf.Bucket.KeepsVersions)
        {
            Drop(shelf, stored);
            return;
        }

        var json = (JsonObject)stored.Json.DeepClone();
        json["timeDeleted"] = _time.GetUtcNow().Wire();
        var noncurrent = new StoredObject(json);
        Files.Save(noncurrent, stagedContent: null);
        shelf.Put(noncurrent);
    }

    private void Drop(Shelf shelf, StoredObject stored)
    {
        Files.Delete(stored);
        shelf.Remove(stored);
    }

    private Shelf Find(string bucket) => _shelves.TryGetValue(bucket, out var shelf) ? shelf : throw StorageException.NoSuchBucket();
}
