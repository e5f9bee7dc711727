using Microsoft.AspNetCore.Http.Features;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>The four families of URLs that one host serves; they differ in what a body or an answer is, not in what they name.</summary>
internal enum StorageFamily
{
    /// <summary><c>/storage/v1/…</c>, and without that prefix <c>/b/…</c>.</summary>
    Json,

    /// <summary><c>/upload/storage/v1/…</c> and <c>/resumable/upload/storage/v1/…</c>.</summary>
    Upload,

    /// <summary><c>/download/storage/v1/…</c>, where an object's <c>mediaLink</c> points.</summary>
    Download,

    /// <summary><c>https://storage.googleapis.com/BUCKET/OBJECT</c> and <c>https://BUCKET.storage.googleapis.com/OBJECT</c>.</summary>
    Xml,
}

/// <summary>What a request's URL names.</summary>
/// <param name="Segments">Path behind the family's prefix, each segment percent-decoded once; for <see cref="StorageFamily.Xml"/> bucket and object.</param>
internal sealed record StorageAddress(StorageFamily Family, IReadOnlyList<string> Segments)
{
    private const string Host = "storage.googleapis.com";

    private static readonly (string Prefix, StorageFamily Family)[] Prefixes =
    [
        ("/storage/v1/", StorageFamily.Json),
        ("/upload/storage/v1/", StorageFamily.Upload),
        ("/resumable/upload/storage/v1/", StorageFamily.Upload),
        ("/download/storage/v1/", StorageFamily.Download),
    ];

    /// <summary>Null when the request is none of Cloud Storage's.</summary>
    public static StorageAddress? Of(HttpRequest request) =>
        Of(request.Host.Host, RawPath(request));

    /// <param name="host">Without port.</param>
    /// <param name="rawPath">As it was sent: an object's name keeps its slashes as %2F, so that decoding before splitting would lose them.</param>
    public static StorageAddress? Of(string host, string rawPath)
    {
        foreach (var (prefix, family) in Prefixes)
            if (rawPath.StartsWith(prefix, StringComparison.Ordinal))
                return new(family, Split(rawPath[prefix.Length..]));

        if (host.Equals(Host, StringComparison.OrdinalIgnoreCase))
            return Xml(rawPath.TrimStart('/').Split('/', 2));
        if (host.EndsWith("." + Host, StringComparison.OrdinalIgnoreCase))
            return Xml([host[..^(Host.Length + 1)], rawPath.TrimStart('/')]);

        return rawPath == "/b" || rawPath.StartsWith("/b/", StringComparison.Ordinal) ? new(StorageFamily.Json, Split(rawPath[1..])) : null;
    }

    private static StorageAddress Xml(string[] parts) =>
        new(StorageFamily.Xml, [.. parts.Where(p => p.Length > 0).Select(Uri.UnescapeDataString)]);

    private static string[] Split(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    private static string RawPath(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && absolute.Scheme.StartsWith("http", StringComparison.Ordinal))
            target = absolute.PathAndQuery;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
