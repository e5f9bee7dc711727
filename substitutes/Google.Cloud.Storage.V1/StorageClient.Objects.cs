using System.Runtime.ExceptionServices;
using Google.Api.Gax;
using Google.Apis.Download;
using Google.Apis.Storage.v1.Data;
using Google.Apis.Upload;
using Google.Cloud.Storage.V1.Transport;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace Google.Cloud.Storage.V1;

public sealed partial class StorageClient
{
    public Task<Object> GetObjectAsync(
        string bucket, string objectName, GetObjectOptions options = null, CancellationToken cancellationToken = default) =>
        Request<Object>(HttpMethod.Get, ObjectPath(bucket, objectName), options?.Query).Retried().ExecuteAsync(cancellationToken);

    public PagedAsyncEnumerable<Objects, Object> ListObjectsAsync(string bucket, string prefix = null, ListObjectsOptions options = null)
    {
        var path = $"{BucketPath(bucket)}/o";
        return Pages<Objects, Object>(
            query => Request<Objects>(HttpMethod.Get, path, query.With("prefix", prefix)).Retried(),
            () => options?.Query,
            options?.PageSize,
            options?.PageToken,
            page => page.Items,
            page => page.NextPageToken);
    }

    public Task DeleteObjectAsync(
        string bucket, string objectName, DeleteObjectOptions options = null, CancellationToken cancellationToken = default)
    {
        var query = options?.Query ?? new Query();
        return Request<string>(HttpMethod.Delete, ObjectPath(bucket, objectName), query)
            .Retried(idempotent: query.Has("generation") || query.Has("ifGenerationMatch")).ExecuteAsync(cancellationToken);
    }

    public Task DeleteObjectAsync(Object obj, DeleteObjectOptions options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return DeleteObjectAsync(obj.Bucket, obj.Name, options, cancellationToken);
    }

    public Task<Object> UploadObjectAsync(
        string bucket,
        string objectName,
        string contentType,
        Stream source,
        UploadObjectOptions options = null,
        CancellationToken cancellationToken = default,
        IProgress<IUploadProgress> progress = null) =>
        UploadObjectAsync(
            new Object { Bucket = bucket, Name = objectName, ContentType = contentType }, source, options, cancellationToken, progress);

    /// <exception cref="GoogleApiException">Refused: 412 where a precondition of the options did not hold.</exception>
    /// <exception cref="UploadValidationException">The content was damaged on the way.</exception>
    public async Task<Object> UploadObjectAsync(
        Object destination,
        Stream source,
        UploadObjectOptions options = null,
        CancellationToken cancellationToken = default,
        IProgress<IUploadProgress> progress = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(source);
        ObjectPath(destination.Bucket, destination.Name);
        var upload = new ObjectUpload(_service, destination, source, options);
        if (progress is not null)
            upload.ProgressChanged += progress.Report;
        var result = await upload.UploadAsync(cancellationToken);
        if (result.Exception is not null)
            ExceptionDispatchInfo.Throw(result.Exception);

        var uploaded = upload.ResponseBody;
        return uploaded.Crc32c == upload.SentCrc32C
            ? uploaded
            : throw new UploadValidationException(upload.SentCrc32C, uploaded, await TryDeleteAsync(uploaded, cancellationToken));
    }

    public Task<Object> DownloadObjectAsync(
        string bucket,
        string objectName,
        Stream destination,
        DownloadObjectOptions options = null,
        CancellationToken cancellationToken = default,
        IProgress<IDownloadProgress> progress = null) =>
        DownloadObjectAsync(new Object { Bucket = bucket, Name = objectName }, destination, options, cancellationToken, progress);

    /// <summary>Writes the content to <paramref name="destination"/> and gives back what the answer says of the object.</summary>
    /// <exception cref="IOException">The content was damaged on the way.</exception>
    public async Task<Object> DownloadObjectAsync(
        Object source,
        Stream destination,
        DownloadObjectOptions options = null,
        CancellationToken cancellationToken = default,
        IProgress<IDownloadProgress> progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        var address = _service.BaseUri + ObjectPath(source.Bucket, source.Name) + options?.Query;
        var metadata = new Object { Bucket = source.Bucket, Name = source.Name };
        var downloader = new ValidatingDownloader(_service, metadata);
        options?.Apply(downloader);
        if (progress is not null)
            downloader.ProgressChanged += progress.Report;
        var result = await downloader.DownloadAsync(address, destination, cancellationToken);
        if (result.Status == DownloadStatus.Failed)
            ExceptionDispatchInfo.Throw(result.Exception);
        return metadata;
    }

    private async Task<AggregateException> TryDeleteAsync(Object damaged, CancellationToken cancellationToken)
    {
        try
        {
            await DeleteObjectAsync(damaged, new DeleteObjectOptions { Generation = damaged.Generation }, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is GoogleApiException or HttpRequestException)
        {
            return new AggregateException(exception);
        }
    }
}
