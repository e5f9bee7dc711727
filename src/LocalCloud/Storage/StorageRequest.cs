using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>One request as the handlers see it.</summary>
internal sealed class StorageRequest(HttpContext context, StorageAddress address, IStorageAccess access)
{
    private const int MaxJsonBytes = 1 << 20;

    public StorageAddress Address { get; } = address;

    public string Method => context.Request.Method;

    public IHeaderDictionary Headers => context.Request.Headers;

    public long? ContentLength => context.Request.ContentLength;

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Scheme and host as the client wrote them, so that every link in an answer leads back to where it came from.</summary>
    public string BaseUri => $"{context.Request.Scheme}://{context.Request.Host.Value}";

    public bool IsMedia => Address.Family is StorageFamily.Download or StorageFamily.Xml || Query("alt") == "media";

    public long? Generation => Number("generation");

    public Preconditions Preconditions => new(
        Number("ifGenerationMatch") ?? HeaderNumber("x-goog-if-generation-match"), Number("ifGenerationNotMatch"),
        Number("ifMetagenerationMatch") ?? HeaderNumber("x-goog-if-metageneration-match"), Number("ifMetagenerationNotMatch"));

    public string? Query(string name) => context.Request.Query.TryGetValue(name, out var value) && value.Count > 0 ? value[0] : null;

    public IEnumerable<string> QueryAll(string name) => context.Request.Query[name].OfType<string>();

    /// <summary>Python's clients write True, Java's true.</summary>
    public bool Flag(string name) => string.Equals(Query(name), "true", StringComparison.OrdinalIgnoreCase);

    public long? Number(string name) => Query(name) is not { Length: > 0 } text ? null
        : long.TryParse(text, out var value) ? value
        : throw StorageException.Invalid($"Invalid value for query parameter {name}: '{text}'. It has to be a whole number.");

    /// <exception cref="StorageException">The caller may not do it.</exception>
    public void Demand(string permission, Bucket bucket, string? objectName = null) => access.Demand(this, permission, bucket, objectName);

    /// <summary>The body, inflated: Google's client library for .NET compresses what it sends.</summary>
    public Stream OpenBody()
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        return string.Equals(Headers.ContentEncoding, "gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : context.Request.Body;
    }

    /// <summary>The body as a JSON object; an empty body is an empty object.</summary>
    public async Task<JsonObject> ReadJsonAsync()
    {
        await using var body = OpenBody();
        return await ReadJsonAsync(body, Aborted);
    }

    public static async Task<JsonObject> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxJsonBytes)
                throw StorageException.Invalid($"The JSON part of the request is larger than {MaxJsonBytes} bytes.");
        }

        return ParseJson(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    public static JsonObject ParseJson(ReadOnlySpan<byte> json)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            return [];
        try
        {
            var reader = new Utf8JsonReader(json);
            if (JsonNode.Parse(ref reader) is JsonObject parsed)
                return parsed;
        }
        catch (JsonException)
        {
            // Said below: the same answer as for JSON that is no object.
        }

        throw new StorageException(400, "parseError", "InvalidArgument", "Parse Error");
    }

    private long? HeaderNumber(string name) => long.TryParse(Headers[name], out var value) ? value : null;
}
