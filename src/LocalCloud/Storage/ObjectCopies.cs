using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>New objects made of existing ones, without a client carrying the bytes.</summary>
internal sealed class ObjectCopies(StorageStore store)
{
    private const int MaxComponents = 32;

    /// <summary>Copies in one step whatever the size; the real service may want to be asked again for a large object in another location.</summary>
    public async Task<StorageAnswer> RewriteAsync(StorageRequest request, string fromBucket, string fromName, string toBucket, string toName)
    {
        var copy = await CopyObjectAsync(request, fromBucket, fromName, toBucket, toName);
        return new JsonAnswer(new()
        {
            ["kind"] = "storage#rewriteResponse",
            ["totalBytesRewritten"] = copy.Size.Wire(),
            ["objectSize"] = copy.Size.Wire(),
            ["done"] = true,
            ["resource"] = ObjectResource.Show(request, copy),
        });
    }

    public async Task<StorageAnswer> CopyAsync(StorageRequest request, string fromBucket, string fromName, string toBucket, string toName) =>
        new JsonAnswer(ObjectResource.Show(request, await CopyObjectAsync(request, fromBucket, fromName, toBucket, toName)));

    /// <summary>Concatenates objects of one bucket. As with the real service, the result has no MD5.</summary>
    public async Task<StorageAnswer> ComposeAsync(StorageRequest request, string bucketName, string name)
    {
        var bucket = store.GetBucket(bucketName);
        request.Demand("storage.objects.create", bucket, ObjectResource.CheckName(name));
        var order = await request.ReadJsonAsync();
        var sources = order.Objects("sourceObjects").ToList();
        if (sources.Count is 0 or > MaxComponents)
            throw StorageException.Invalid($"The request has {sources.Count} sourceObjects; 1 to {MaxComponents} are allowed.");

        await using var writer = ContentWriter.Create(store.Files.NewStagingPath());
        foreach (var source in sources)
        {
            var sourceName = ObjectResource.CheckName(source.Text("name"));
            request.Demand("storage.objects.get", bucket, sourceName);
            var condition = new Preconditions(source.Object("objectPreconditions")?.Integer("ifGenerationMatch"));
            var (_, content) = store.OpenObject(bucketName, sourceName, source.Integer("generation"), condition);
            await using (content)
                await writer.AppendAsync(content, skip: 0, request.Aborted);
        }

        var json = ObjectResource.Complete(order.Object("destination") ?? [], name, bucket.Json.Text("storageClass")!, null, writer.Length, writer.Crc32C, md5: null);
        json["componentCount"] = sources.Count;
        await writer.CloseAsync();
        return new JsonAnswer(ObjectResource.Show(request, store.InsertObject(bucketName, json, writer.Path, request.Preconditions)));
    }

    private async Task<StoredObject> CopyObjectAsync(StorageRequest request, string fromBucket, string fromName, string toBucket, string toName)
    {
        request.Demand("storage.objects.get", store.GetBucket(fromBucket), fromName);
        var target = store.GetBucket(toBucket);
        request.Demand("storage.objects.create", target, ObjectResource.CheckName(toName));
        var changes = await request.ReadJsonAsync();
        var sourceConditions = new Preconditions(
            request.Number("ifSourceGenerationMatch"), request.Number("ifSourceGenerationNotMatch"),
            request.Number("ifSourceMetagenerationMatch"), request.Number("ifSourceMetagenerationNotMatch"));
        var (source, content) = store.OpenObject(fromBucket, fromName, request.Number("sourceGeneration"), sourceConditions);

        await using var writer = ContentWriter.Create(store.Files.NewStagingPath());
        await using (content)
            await writer.AppendAsync(content, skip: 0, request.Aborted);
        // A body replaces what the source says of itself; without one the copy is like its source.
        var described = changes.Count > 0 ? changes : (JsonObject)source.Json.DeepClone();
        var json = ObjectResource.Complete(
            described, toName, target.Json.Text("storageClass")!, source.Json.Text("contentType"), writer.Length, writer.Crc32C,
            source.Json.ContainsKey("md5Hash") ? writer.Md5 : null);
        await writer.CloseAsync();
        return store.InsertObject(toBucket, json, writer.Path, request.Preconditions);
    }
}
