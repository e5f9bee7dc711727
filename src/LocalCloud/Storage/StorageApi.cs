using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>
/// The Cloud Storage JSON API (https://cloud.google.com/storage/docs/json_api/v1), and reading in the XML API's form. The same API stands on the host's endpoint and,
/// with another <see cref="IStorageAccess"/>, inside the networks.
/// </summary>
internal sealed class StorageApi : IAsyncDisposable
{
    private readonly StorageStore _store;
    private readonly Buckets _buckets;
    private readonly BucketPolicies _policies;
    private readonly Objects _objects;
    private readonly ObjectCopies _copies;
    private readonly Uploads _uploads;
    private readonly UploadSessions _sessions;

    /// <param name="directory">Where content and metadata are kept; made if missing.</param>
    /// <param name="time">Times and generations come from it.</param>
    public StorageApi(string directory, TimeProvider time)
    {
        var store = _store = StorageStore.Open(directory, time);
        _sessions = new(store.Files.Uploads, time);
        _buckets = new(store, time);
        _policies = new(store);
        _objects = new(store);
        _copies = new(store);
        _uploads = new(store, _sessions);
    }

    /// <summary>Whether the request is Cloud Storage's, by its path or its host name.</summary>
    public static bool Owns(HttpRequest request) => StorageAddress.Of(request) is not null;

    /// <summary>How many buckets there are, in all projects.</summary>
    public int BucketCount => _store.BucketCount;

    /// <summary>Answers a request of the host's endpoint; nobody is asked for credentials there.</summary>
    public Task HandleAsync(HttpContext context) => HandleAsync(context, OpenAccess.Instance);

    /// <summary>Answers any request; what is not Cloud Storage's gets 404.</summary>
    public async Task HandleAsync(HttpContext context, IStorageAccess access)
    {
        var address = StorageAddress.Of(context.Request) ?? new StorageAddress(StorageFamily.Json, []);
        try
        {
            var answer = await AnswerAsync(new(context, address, access));
            await StorageWire.WriteAsync(context, answer);
        }
        catch (StorageException error) when (!context.Response.HasStarted)
        {
            await StorageWire.WriteAsync(context, address, error);
        }
        catch (InvalidDataException error) when (!context.Response.HasStarted)
        {
            await StorageWire.WriteAsync(context, address, StorageException.Invalid($"The request's body is not what its Content-Encoding says: {error.Message}"));
        }
        catch (IOException error) when (error is not BadHttpRequestException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await StorageWire.WriteAsync(context, address, DiskFull.Is(error)
                ? new(DiskFull.Status, DiskFull.Reason, "DiskFull", DiskFull.Message(error))
                : new(500, "backendError", "InternalError", error.Message));
        }
    }

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private Task<StorageAnswer> AnswerAsync(StorageRequest request) => request.Address.Family switch
    {
        StorageFamily.Json => AnswerJsonAsync(request),
        StorageFamily.Upload => AnswerUploadAsync(request),
        StorageFamily.Download => (request.Method, request.Address.Segments) switch
        {
            ("GET" or "HEAD", ["b", var bucket, "o", var name]) => Task.FromResult(_objects.Get(request, bucket, name)),
            _ => throw NotFound(request),
        },
        _ => (request.Method, request.Address.Segments) switch
        {
            ("GET" or "HEAD", [var bucket, var name]) => Task.FromResult(_objects.Get(request, bucket, name)),
            _ => throw StorageException.NotImplemented($"{request.Method} of the XML API, other than GET and HEAD of an object"),
        },
    };

    private Task<StorageAnswer> AnswerUploadAsync(StorageRequest request) => (request.Method, request.Address.Segments, request.Query("upload_id")) switch
    {
        ("POST", ["b", var bucket, "o"], null) => _uploads.BeginAsync(request, bucket),
        ("PUT" or "POST", ["b", _, "o"], { } id) => _uploads.ContinueAsync(request, id),
        ("DELETE", ["b", _, "o"], { } id) => _uploads.CancelAsync(request, id),
        _ => throw NotFound(request),
    };

    private Task<StorageAnswer> AnswerJsonAsync(StorageRequest request) => (request.Method, request.Address.Segments) switch
    {
        ("GET", ["b"]) => Task.FromResult(_buckets.List(request)),
        ("POST", ["b"]) => _buckets.InsertAsync(request),
        ("GET", ["b", var bucket]) => Task.FromResult(_buckets.Get(request, bucket)),
        ("PATCH", ["b", var bucket]) => _buckets.PatchAsync(request, bucket),
        ("PUT", ["b", var bucket]) => _buckets.UpdateAsync(request, bucket),
        ("DELETE", ["b", var bucket]) => Task.FromResult(_buckets.Delete(request, bucket)),

        ("GET", ["b", var bucket, "iam"]) => Task.FromResult(_policies.Get(request, bucket)),
        ("PUT", ["b", var bucket, "iam"]) => _policies.SetAsync(request, bucket),
        ("GET", ["b", var bucket, "iam", "testPermissions"]) => Task.FromResult(_policies.Test(request, bucket)),
        ("GET", ["b", var bucket, "storageLayout"]) => Task.FromResult(_buckets.Layout(request, bucket)),
        ("GET", ["b", var bucket, "managedFolders"]) => Task.FromResult(_buckets.ManagedFolders(request, bucket)),

        ("GET", ["b", var bucket, "o"]) => Task.FromResult(_objects.List(request, bucket)),
        ("GET", ["b", var bucket, "o", var name]) => Task.FromResult(_objects.Get(request, bucket, name)),
        ("PATCH", ["b", var bucket, "o", var name]) => _objects.PatchAsync(request, bucket, name),
        ("PUT", ["b", var bucket, "o", var name]) => _objects.UpdateAsync(request, bucket, name),
        ("DELETE", ["b", var bucket, "o", var name]) => Task.FromResult(_objects.Delete(request, bucket, name)),
        ("POST", ["b", var bucket, "o", var name, "compose"]) => _copies.ComposeAsync(request, bucket, name),
        ("POST", ["b", var from, "o", var name, "rewriteTo", "b", var to, "o", var newName]) => _copies.RewriteAsync(request, from, name, to, newName),
        ("POST", ["b", var from, "o", var name, "copyTo", "b", var to, "o", var newName]) => _copies.CopyAsync(request, from, name, to, newName),

        (_, ["b", _, "acl" or "defaultObjectAcl" or "notificationConfigs" or "anywhereCaches" or "folders" or "lockRetentionPolicy" or "operations", ..])
            or (_, ["b", _, "o", _, "acl" or "restore" or "moveTo" or "watch", ..]) =>
            throw StorageException.NotImplemented($"{request.Method} {string.Join('/', request.Address.Segments)}"),
        _ => throw NotFound(request),
    };

    private static StorageException NotFound(StorageRequest request) =>
        new(404, "notFound", "NotFound", $"Cloud Storage has no method {request.Method} {string.Join('/', request.Address.Segments)}.");
}
