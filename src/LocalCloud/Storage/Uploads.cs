using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Content on its way in (https://cloud.google.com/storage/docs/uploads-downloads): in one request, or in a session that survives broken connections.</summary>
internal sealed class Uploads(StorageStore store, UploadSessions sessions)
{
    public Task<StorageAnswer> BeginAsync(StorageRequest request, string bucket)
    {
        request.Demand("storage.objects.create", store.GetBucket(bucket));
        return (request.Query("uploadType") ?? (request.Headers["X-Goog-Upload-Protocol"].Count > 0 ? "resumable" : "media")) switch
        {
            "media" => TakeMediaAsync(request, bucket),
            "multipart" => TakeMultipartAsync(request, bucket),
            "resumable" => BeginSessionAsync(request, bucket),
            var other => throw StorageException.Invalid($"Invalid value for query parameter uploadType: '{other}'. Allowed are media, multipart and resumable."),
        };
    }

    public async Task<StorageAnswer> ContinueAsync(StorageRequest request, string uploadId)
    {
        using var turn = await sessions.EnterAsync(uploadId, request.Aborted);
        var session = turn.Session;
        if (session.FinishedGeneration is { } generation)
            return Show(request, store.GetObject(session.Bucket, session.Name, generation, Preconditions.None));

        var range = UploadRange.Of(request.Headers.ContentRange, request.ContentLength);
        session.CheckTotal(range.Total);
        var content = await session.OpenAsync(request.Aborted);
        if (range.First is { } first)
        {
            if (first > content.Length)
                throw StorageException.Invalid(
                    $"Invalid request. According to the Content-Range header, the upload offset is {first} byte(s), which exceeds already uploaded size of {content.Length} byte(s).");
            await using var body = request.OpenBody();
            var sent = await AppendAsync(session, content, body, content.Length - first, request.Aborted);
            if (range.Last is { } last && sent != last - first + 1)
                throw StorageException.Invalid($"Invalid request. There were {sent} byte(s) in the request body. There should have been {last - first + 1} byte(s) (starting at offset {first} and ending at offset {last}) according to the Content-Range header.");
        }

        var total = range.EndsUpload ? content.Length : range.Total;
        if (total is null || content.Length < total)
            return new UploadIncompleteAnswer(content.Length);
        try
        {
            if (content.Length > total)
                throw StorageException.Invalid($"The upload has {content.Length} bytes, {total} were announced.");
            var stored = await StoreAsync(session.Bucket, session.Name, session.Given, session.ContentType, request, content, session.Preconditions);
            await session.FinishAsync(stored.Generation);
            return Show(request, stored);
        }
        catch (StorageException)
        {
            // No further byte can make it right.
            await sessions.RemoveAsync(session);
            throw;
        }
    }

    private async Task<long> AppendAsync(UploadSession session, ContentWriter content, Stream body, long skip, CancellationToken cancellationToken)
    {
        try
        {
            return await content.AppendAsync(body, skip, cancellationToken);
        }
        catch (IOException full) when (DiskFull.Is(full))
        {
            // The client is told no for good and will not come back: what is here of it would only keep the disk full.
            await sessions.RemoveAsync(session);
            throw;
        }
    }

    public async Task<StorageAnswer> CancelAsync(StorageRequest request, string uploadId)
    {
        using var turn = await sessions.EnterAsync(uploadId, request.Aborted);
        await sessions.RemoveAsync(turn.Session);
        return new UploadCancelledAnswer();
    }

    private async Task<StorageAnswer> TakeMediaAsync(StorageRequest request, string bucket)
    {
        var name = ObjectResource.CheckName(request.Query("name"));
        request.Demand("storage.objects.create", store.GetBucket(bucket), name);
        var given = new JsonObject();
        if (request.Query("contentEncoding") is { Length: > 0 } encoding)
            given["contentEncoding"] = encoding;
        await using var body = request.OpenBody();
        return await TakeAsync(request, bucket, name, given, request.Headers.ContentType, body);
    }

    private async Task<StorageAnswer> TakeMultipartAsync(StorageRequest request, string bucket)
    {
        await using var body = request.OpenBody();
        var reader = new MultipartRelated(body, MultipartRelated.BoundaryOf(request.Headers.ContentType));
        var description = await reader.ReadPartAsync(request.Aborted);
        var given = description is null ? [] : await StorageRequest.ReadJsonAsync(description.Content, request.Aborted);
        var name = ObjectResource.CheckName(request.Query("name") ?? given.Text("name"));
        var content = await reader.ReadPartAsync(request.Aborted) ?? throw StorageException.Invalid("A multipart upload has two parts: the object's JSON, and its content. The second is missing.");
        return await TakeAsync(request, bucket, name, given, content.ContentType, content.Content);
    }

    private async Task<StorageAnswer> TakeAsync(StorageRequest request, string bucket, string name, JsonObject given, string? contentType, Stream content)
    {
        store.CheckInsert(bucket, name, request.Preconditions);
        await using var writer = ContentWriter.Create(store.Files.NewStagingPath());
        await writer.AppendAsync(content, skip: 0, request.Aborted);
        return Show(request, await StoreAsync(bucket, name, given, contentType, request, writer, request.Preconditions));
    }

    private async Task<StorageAnswer> BeginSessionAsync(StorageRequest request, string bucket)
    {
        var given = await request.ReadJsonAsync();
        var name = ObjectResource.CheckName(request.Query("name") ?? given.Text("name"));
        store.CheckInsert(bucket, name, request.Preconditions);
        var length = long.TryParse(request.Headers["X-Upload-Content-Length"], out var announced) ? announced : (long?)null;
        var session = await sessions.BeginAsync(bucket, name, given, request.Headers["X-Upload-Content-Type"], length, request.Preconditions);
        return new UploadBegunAnswer($"{request.BaseUri}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={session.Id}", session.Id);
    }

    private async Task<StoredObject> StoreAsync(
        string bucket, string name, JsonObject given, string? contentType, StorageRequest request, ContentWriter content, Preconditions preconditions)
    {
        ContentHashes.Check(given, request.Headers["x-goog-hash"], content);
        var json = ObjectResource.Complete(
            given, name, store.GetBucket(bucket).Json.Text("storageClass")!, contentType, content.Length, content.Crc32C, content.Md5);
        await content.CloseAsync();
        return store.InsertObject(bucket, json, content.Path, preconditions);
    }

    private static JsonAnswer Show(StorageRequest request, StoredObject stored) => new(ObjectResource.Show(request, stored));
}
