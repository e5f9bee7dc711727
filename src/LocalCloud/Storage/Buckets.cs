using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>The methods of buckets (https://cloud.google.com/storage/docs/json_api/v1/buckets).</summary>
internal sealed class Buckets(StorageStore store, TimeProvider time)
{
    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal)
    {
        "kind", "id", "name", "selfLink", "projectNumber", "metageneration", "etag", "timeCreated", "updated", "location", "locationType",
    };

    public async Task<StorageAnswer> InsertAsync(StorageRequest request)
    {
        var project = request.Query("project") is { Length: > 0 } given ? given : throw StorageException.Required("Required parameter: project");
        var json = await request.ReadJsonAsync();
        var bucket = BucketDefaults.Complete(project, json, time.GetUtcNow());
        request.Demand("storage.buckets.create", bucket);
        return Show(request, store.InsertBucket(bucket));
    }

    public StorageAnswer Get(StorageRequest request, string name)
    {
        var bucket = store.GetBucket(name);
        request.Demand("storage.buckets.get", bucket);
        request.Preconditions.CheckRead(0, bucket.Metageneration);
        return Show(request, bucket);
    }

    public StorageAnswer List(StorageRequest request)
    {
        var project = request.Query("project") is { Length: > 0 } given ? given : throw StorageException.Required("Required parameter: project");
        var prefix = request.Query("prefix") ?? "";
        var after = request.Query("pageToken") ?? "";
        var limit = (int)Math.Clamp(request.Number("maxResults") ?? ObjectQuery.Limit, 1, ObjectQuery.Limit);
        var matching = store.ListBuckets(project)
            .Where(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(b.Name, after) > 0).Take(limit + 1).ToList();
        foreach (var bucket in matching)
            request.Demand("storage.buckets.list", bucket);

        var answer = new JsonObject { ["kind"] = "storage#buckets" };
        if (matching.Count > 0)
            answer["items"] = new JsonArray([.. matching.Take(limit).Select(b => Resource(request, b))]);
        if (matching.Count > limit)
            answer["nextPageToken"] = matching[limit - 1].Name;
        return new JsonAnswer(answer);
    }

    public async Task<StorageAnswer> PatchAsync(StorageRequest request, string name)
    {
        request.Demand("storage.buckets.update", store.GetBucket(name));
        var patch = await request.ReadJsonAsync();
        return Show(request, store.UpdateBucket(name, request.Preconditions, json =>
        {
            json.Merge(patch, ReadOnly);
            BucketDefaults.Settle(json, time.GetUtcNow());
        }));
    }

    /// <summary>Like patch, but what is not mentioned goes.</summary>
    public async Task<StorageAnswer> UpdateAsync(StorageRequest request, string name)
    {
        request.Demand("storage.buckets.update", store.GetBucket(name));
        var full = await request.ReadJsonAsync();
        return Show(request, store.UpdateBucket(name, request.Preconditions, json =>
        {
            foreach (var gone in json.Select(m => m.Key).Where(k => !ReadOnly.Contains(k) && k is not ("iamConfiguration" or "softDeletePolicy" or "storageClass")).ToList())
                json.Remove(gone);
            json.Merge(full, ReadOnly);
            BucketDefaults.Settle(json, time.GetUtcNow());
        }));
    }

    public StorageAnswer Delete(StorageRequest request, string name)
    {
        request.Demand("storage.buckets.delete", store.GetBucket(name));
        store.DeleteBucket(name, request.Preconditions);
        return NothingAnswer.Instance;
    }

    public StorageAnswer Layout(StorageRequest request, string name)
    {
        var bucket = store.GetBucket(name);
        request.Demand("storage.objects.list", bucket);
        return new JsonAnswer(new()
        {
            ["kind"] = "storage#storageLayout", ["bucket"] = name,
            ["location"] = bucket.Json.Text("location"), ["locationType"] = bucket.Json.Text("locationType"),
        });
    }

    /// <summary>There are none: they exist only in buckets that were asked to have them.</summary>
    public StorageAnswer ManagedFolders(StorageRequest request, string name)
    {
        request.Demand("storage.objects.list", store.GetBucket(name));
        return new JsonAnswer(new() { ["kind"] = "storage#managedFolders" });
    }

    private static JsonAnswer Show(StorageRequest request, Bucket bucket) => new(Resource(request, bucket));

    private static JsonObject Resource(StorageRequest request, Bucket bucket)
    {
        var json = (JsonObject)bucket.Json.DeepClone();
        json.Insert(0, "kind", "storage#bucket");
        json.Insert(1, "selfLink", $"{request.BaseUri}/storage/v1/b/{bucket.Name}");
        json.Insert(2, "id", bucket.Name);
        json["etag"] = JsonFields.EntityTag(null, bucket.Metageneration);
        return json;
    }
}
