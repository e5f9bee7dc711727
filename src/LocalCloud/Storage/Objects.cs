using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>The methods of objects that carry no content in (https://cloud.google.com/storage/docs/json_api/v1/objects).</summary>
internal sealed class Objects(StorageStore store)
{
    public StorageAnswer List(StorageRequest request, string bucket)
    {
        request.Demand("storage.objects.list", store.GetBucket(bucket));
        if (request.Flag("softDeleted"))
            throw StorageException.NotImplemented("soft-deleted objects: what is deleted here is gone at once");

        foreach (var filter in (string[])["matchGlob", "filter"])
            if (request.Query(filter) is { Length: > 0 })
                throw StorageException.NotImplemented($"the parameter {filter} of lists; use prefix, delimiter, startOffset and endOffset");

        var page = store.ListObjects(bucket, new(
            request.Query("prefix") ?? "", request.Query("delimiter"), request.Query("startOffset") ?? "", request.Query("endOffset"),
            request.Flag("versions"), request.Flag("includeTrailingDelimiter"), request.Query("pageToken"),
            (int)Math.Clamp(request.Number("maxResults") ?? ObjectQuery.Limit, 1, ObjectQuery.Limit)));
        var answer = new JsonObject { ["kind"] = "storage#objects" };
        if (page.NextPageToken is not null)
            answer["nextPageToken"] = page.NextPageToken;
        if (page.Prefixes.Count > 0)
            answer["prefixes"] = new JsonArray([.. page.Prefixes.Select(p => JsonValue.Create(p))]);
        if (page.Items.Count > 0)
            answer["items"] = new JsonArray([.. page.Items.Select(o => ObjectResource.Show(request, o))]);
        return new JsonAnswer(answer);
    }

    public StorageAnswer Get(StorageRequest request, string bucket, string name)
    {
        request.Demand("storage.objects.get", store.GetBucket(bucket), name);
        if (!request.IsMedia)
            return new JsonAnswer(ObjectResource.Show(request, store.GetObject(bucket, name, request.Generation, request.Preconditions)));
        var (stored, content) = store.OpenObject(bucket, name, request.Generation, request.Preconditions);
        return new MediaAnswer(stored, content);
    }

    public async Task<StorageAnswer> PatchAsync(StorageRequest request, string bucket, string name)
    {
        request.Demand("storage.objects.update", store.GetBucket(bucket), name);
        var patch = await request.ReadJsonAsync();
        return Show(request, store.UpdateObject(bucket, name, request.Generation, request.Preconditions, json => json.Merge(patch, ObjectResource.ReadOnly)));
    }

    /// <summary>Like patch, but what is not mentioned goes.</summary>
    public async Task<StorageAnswer> UpdateAsync(StorageRequest request, string bucket, string name)
    {
        request.Demand("storage.objects.update", store.GetBucket(bucket), name);
        var full = await request.ReadJsonAsync();
        return Show(request, store.UpdateObject(bucket, name, request.Generation, request.Preconditions, json =>
        {
            foreach (var gone in json.Select(m => m.Key).Where(k => !ObjectResource.ReadOnly.Contains(k) && k != "storageClass").ToList())
                json.Remove(gone);
            json.Merge(full, ObjectResource.ReadOnly);
        }));
    }

    public StorageAnswer Delete(StorageRequest request, string bucket, string name)
    {
        request.Demand("storage.objects.delete", store.GetBucket(bucket), name);
        store.DeleteObject(bucket, name, request.Generation, request.Preconditions);
        return NothingAnswer.Instance;
    }

    private static JsonAnswer Show(StorageRequest request, StoredObject stored) => new(ObjectResource.Show(request, stored));
}
