using Google.Api.Gax;
using Google.Apis.Storage.v1.Data;
using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

public sealed partial class StorageClient
{
    public Task<Bucket> CreateBucketAsync(
        string projectId, string bucket, CreateBucketOptions options = null, CancellationToken cancellationToken = default) =>
        CreateBucketAsync(projectId, new Bucket { Name = bucket }, options, cancellationToken);

    public Task<Bucket> CreateBucketAsync(
        string projectId, Bucket bucket, CreateBucketOptions options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(projectId);
        ArgumentNullException.ThrowIfNull(bucket);
        BucketPath(bucket.Name);
        return Request<Bucket>(HttpMethod.Post, "b", (options?.Query ?? new Query()).With("project", projectId), bucket)
            .Retried().ExecuteAsync(cancellationToken);
    }

    public Task<Bucket> GetBucketAsync(string bucket, GetBucketOptions options = null, CancellationToken cancellationToken = default) =>
        Request<Bucket>(HttpMethod.Get, BucketPath(bucket), options?.Query).Retried().ExecuteAsync(cancellationToken);

    /// <summary>Replaces everything that can be changed of a bucket.</summary>
    public Task<Bucket> UpdateBucketAsync(Bucket bucket, UpdateBucketOptions options = null, CancellationToken cancellationToken = default) =>
        ChangeBucketAsync(HttpMethod.Put, bucket, options?.Query, cancellationToken);

    /// <summary>Changes what <paramref name="bucket"/> sets, and leaves the rest.</summary>
    public Task<Bucket> PatchBucketAsync(Bucket bucket, PatchBucketOptions options = null, CancellationToken cancellationToken = default) =>
        ChangeBucketAsync(HttpMethod.Patch, bucket, options?.Query, cancellationToken);

    public Task DeleteBucketAsync(Bucket bucket, DeleteBucketOptions options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        return DeleteBucketAsync(bucket.Name, options, cancellationToken);
    }

    public async Task DeleteBucketAsync(string bucket, DeleteBucketOptions options = null, CancellationToken cancellationToken = default)
    {
        var request = Request<string>(HttpMethod.Delete, BucketPath(bucket), options?.Query).Retried();
        if (options is { DeleteObjects: true })
        {
            // Nothing is deleted of a bucket that is not the one that was meant.
            if (options is { IfMetagenerationMatch: not null } or { IfMetagenerationNotMatch: not null })
                await GetBucketAsync(
                    bucket,
                    new GetBucketOptions
                    {
                        IfMetagenerationMatch = options.IfMetagenerationMatch,
                        IfMetagenerationNotMatch = options.IfMetagenerationNotMatch,
                        UserProject = options.UserProject,
                    },
                    cancellationToken);

            var every = new ListObjectsOptions { Versions = true, UserProject = options.UserProject };
            await foreach (var item in ListObjectsAsync(bucket, null, every).WithCancellation(cancellationToken))
            {
                var generation = new DeleteObjectOptions { Generation = item.Generation, UserProject = options.UserProject };
                await DeleteObjectAsync(item, generation, cancellationToken);
            }
        }

        await request.ExecuteAsync(cancellationToken);
    }

    public PagedAsyncEnumerable<Buckets, Bucket> ListBucketsAsync(string projectId, ListBucketsOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(projectId);
        return Pages<Buckets, Bucket>(
            query => Request<Buckets>(HttpMethod.Get, "b", query.With("project", projectId)).Retried(),
            () => options?.Query,
            options?.PageSize,
            options?.PageToken,
            page => page.Items,
            page => page.NextPageToken);
    }

    private Task<Bucket> ChangeBucketAsync(HttpMethod method, Bucket bucket, Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        return Request<Bucket>(method, BucketPath(bucket.Name), query, bucket)
            .Retried(idempotent: query?.Has("ifMetagenerationMatch") == true).ExecuteAsync(cancellationToken);
    }
}
