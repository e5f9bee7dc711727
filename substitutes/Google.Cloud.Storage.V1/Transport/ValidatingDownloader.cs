using System.Globalization;
using Google.Apis.Download;
using Google.Apis.Services;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>A download that checks the content against the checksum in the answer's headers and keeps what they say of the object.</summary>
internal sealed class ValidatingDownloader : MediaDownloader
{
    private readonly Object _metadata;
    private Crc32C _received;

    public ValidatingDownloader(IClientService service, Object metadata)
        : base(service)
    {
        _metadata = metadata;
        ResponseStreamInterceptorProvider = response =>
        {
            Record(response);
            _received = new Crc32C();
            return (buffer, offset, count) => _received.Append(buffer.AsSpan(offset, count));
        };
    }

    /// <exception cref="IOException">The content is not what the server says that it sent.</exception>
    protected override void OnDownloadCompleted()
    {
        base.OnDownloadCompleted();
        if (_metadata.Crc32c is { } expected && _received is not null && _received.ToBase64() is var actual && actual != expected)
            throw new IOException($"Incorrect hash: expected '{expected}' (base64), was '{actual}' (base64)");
    }

    private void Record(HttpResponseMessage response)
    {
        _metadata.Generation = Number(response, "x-goog-generation");
        _metadata.Metageneration = Number(response, "x-goog-metageneration");
        _metadata.StorageClass = Header(response, "x-goog-storage-class");
        _metadata.ContentType = response.Content.Headers.ContentType?.ToString();
        _metadata.ContentEncoding = Header(response, "x-goog-stored-content-encoding");
        _metadata.CacheControl = response.Headers.CacheControl?.ToString();
        foreach (var hash in (Header(response, "x-goog-hash") ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (hash.StartsWith("crc32c=", StringComparison.Ordinal))
                _metadata.Crc32c = hash["crc32c=".Length..];
            else if (hash.StartsWith("md5=", StringComparison.Ordinal))
                _metadata.Md5Hash = hash["md5=".Length..];
        }
    }

    private static long? Number(HttpResponseMessage response, string name) =>
        long.TryParse(Header(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
