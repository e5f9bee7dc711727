using System.Text.RegularExpressions;
using Google.Api.Gax;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>Buckets and objects of Cloud Storage.</summary>
/// <remarks>What the server refuses is a <see cref="GoogleApiException"/> with its HTTP status and its reasons.</remarks>
public sealed partial class StorageClient : IDisposable
{
    private readonly StorageService _service;

    internal StorageClient(StorageService service) => _service = service;

    /// <param name="credential">Null is Application Default Credentials.</param>
    public static StorageClient Create(GoogleCredential credential = null) =>
        new StorageClientBuilder { GoogleCredential = credential }.Build();

    /// <param name="credential">Null is Application Default Credentials.</param>
    public static Task<StorageClient> CreateAsync(GoogleCredential credential = null) =>
        new StorageClientBuilder { GoogleCredential = credential }.BuildAsync();

    /// <summary>Without any credentials.</summary>
    public static StorageClient CreateUnauthenticated() => new StorageClientBuilder { UnauthenticatedAccess = true }.Build();

    public void Dispose() => _service.Dispose();

    private StorageRequest<TResponse> Request<TResponse>(HttpMethod method, string path, Query query, object body = null) =>
        new(_service, method.Method, path, query ?? new Query(), body);

    private static FetchedPages<TResponse, TResource> Pages<TResponse, TResource>(
        Func<Query, StorageRequest<TResponse>> request,
        Func<Query> query,
        int? firstPageSize,
        string firstPageToken,
        Func<TResponse, IEnumerable<TResource>> resources,
        Func<TResponse, string> nextPageToken) =>
        new(
            (pageToken, pageSize, cancellationToken) => request(
                    (query() ?? new Query()).With("maxResults", pageSize ?? firstPageSize).With("pageToken", pageToken ?? firstPageToken))
                .ExecuteAsync(cancellationToken),
            response => resources(response) ?? [],
            nextPageToken);

    private static string BucketPath(string bucket)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        return BucketName().IsMatch(bucket)
            ? $"b/{bucket}"
            : throw new ArgumentException(
                $"Invalid bucket name '{bucket}' - see https://cloud.google.com/storage/docs/bucket-naming", nameof(bucket));
    }

    private static string ObjectPath(string bucket, string objectName)
    {
        ArgumentNullException.ThrowIfNull(objectName);
        return $"{BucketPath(bucket)}/o/{Uri.EscapeDataString(objectName)}";
    }

    [GeneratedRegex("^[0-9a-z._-]{1,222}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BucketName();
}
