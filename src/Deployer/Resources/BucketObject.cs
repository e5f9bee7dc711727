using Google.Cloud.Storage.V1;
using V1 = Google.Apis.Storage.v1.Data;

namespace PrimeDeploy.Deployer;

/// <summary>
/// A file in the bucket, under a name that holds the hash of its content: machines of an older template still find theirs, and what is
/// there never has to be written again. It goes with its bucket.
/// </summary>
internal sealed class BucketObject : Resource<V1.Object>
{
    public static readonly ResourceKind ResourceKind = new("object", DeleteAsync, ListAsync);

    private const string HashKey = "sha256";

    private readonly Bucket _bucket;
    private readonly ObjectContent _content;

    /// <param name="name">Its name in the bucket; it holds the content's hash.</param>
    /// <param name="step">The task it belongs to.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="content">What is in it.</param>
    public BucketObject(string name, Step step, Bucket bucket, ObjectContent content) : base(ResourceKind, name, step)
    {
        _bucket = bucket;
        _content = content;
        Uses = [bucket];
    }

    /// <summary>The bucket bears the mark.</summary>
    protected override bool Owned => false;

    protected override Task<V1.Object?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call =>
            api.Cloud.Storage.GetObjectAsync(_bucket.Name, Name, null, call.CancellationToken ?? default), cancellationToken);

    protected override V1.Object Desired(V1.Object? actual, Observed seen) => new()
    {
        Bucket = _bucket.Name,
        Name = Name,
        ContentType = "application/octet-stream",
        Size = (ulong)_content.Length,
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [HashKey] = _content.Sha256 },
    };

    protected override void Describe(V1.Object message, FieldList fields) => fields
        .Add("size", message.Size)
        .Add(HashKey, message.Metadata?.TryGetValue(HashKey, out var hash) is true ? hash : null);

    protected override OwnershipMark? MarkOf(V1.Object message) => null;

    protected override void SetMark(V1.Object message, OwnershipMark mark) =>
        throw new InvalidOperationException("An object bears no mark of its own.");

    protected override bool CanUpdate(string field) => true;

    protected override Task InsertAsync(CloudApi api, V1.Object desired, CancellationToken cancellationToken) =>
        UploadAsync(api, $"create {this}", desired, cancellationToken);

    protected override Task PatchAsync(CloudApi api, V1.Object actual, V1.Object desired, CancellationToken cancellationToken) =>
        UploadAsync(api, $"update {this}", desired, cancellationToken);

    protected override string? Detail(V1.Object actual) =>
        _content.Length >= 1 << 20 ? $"{_content.Length / 1048576.0:0.0} MiB" : $"{_content.Length} bytes";

    private Task<V1.Object> UploadAsync(CloudApi api, string call, V1.Object desired, CancellationToken cancellationToken) =>
        api.StoreAsync(call, CallKind.Write, async cancel =>
        {
            await using var content = _content.Open();
            var upload = new V1.Object
            {
                Bucket = desired.Bucket,
                Name = desired.Name,
                ContentType = desired.ContentType,
                Metadata = desired.Metadata,
            };
            return await UploadWatch.RunAsync(call, desired.Bucket, (progress, until) =>
                api.Cloud.Storage.UploadObjectAsync(upload, content, null, until, progress), api.Time, cancel);
        }, cancellationToken);

    private static async Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken)
    {
        try
        {
            await api.StoreAsync($"delete object {name}", CallKind.Delete, async cancel =>
            {
                await api.Cloud.Storage.DeleteObjectAsync(api.Bucket, name, null, cancel);
                return true;
            }, cancellationToken);
        }
        catch (CloudException exception) when (CloudErrors.IsNotFound(exception))
        {
            return;
        }
    }

    /// <summary>An object bears the hash that we gave it, and the bucket bears the mark. Others' objects in the bucket are not ours.</summary>
    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken)
    {
        try
        {
            return from found in await api.ListAsync("list objects", _ => api.Cloud.Storage.ListObjectsAsync(api.Bucket), cancellationToken)
                   let hash = found.Metadata?.TryGetValue(HashKey, out var text) is true ? text : null
                   select new FoundResource(found.Name, hash is null ? null : new(api.Deployment, hash, null), found);
        }
        catch (CloudException exception) when (CloudErrors.IsNotFound(exception))
        {
            return [];
        }
    }
}
