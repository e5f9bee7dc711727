using System.Buffers;
using System.Globalization;
using Microsoft.Net.Http.Headers;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Sends an object's content, whole or in part, with the headers that clients check it against.</summary>
internal static class MediaWire
{
    private const int BufferSize = 256 * 1024;

    public static async Task WriteAsync(HttpContext context, MediaAnswer media)
    {
        await using var content = media.Content;
        var (request, response, stored) = (context.Request, context.Response, media.Object);
        SetHeaders(response.Headers, stored);
        response.ContentType = stored.Json.Text("contentType");

        var (first, length) = (0L, stored.Size);
        if (RequestedRange(request, stored.Size) is { } range)
        {
            (first, length) = range;
            if (length == 0)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{stored.Size}");
                response.ContentLength = 0;
                return;
            }

            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{first + length - 1}/{stored.Size}");
        }

        response.ContentLength = length;
        if (!HttpMethods.IsHead(request.Method))
            await CopyAsync(content, first, length, response.Body, context.RequestAborted);
    }

    private static async Task CopyAsync(FileStream content, long first, long length, Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length, 1, BufferSize));
        try
        {
            for (long sent = 0; sent < length;)
            {
                var wanted = (int)Math.Min(buffer.Length, length - sent);
                var read = await RandomAccess.ReadAsync(content.SafeFileHandle, buffer.AsMemory(0, wanted), first + sent, cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException($"{content.Name} is shorter than its object's size says.");
                await body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void SetHeaders(IHeaderDictionary headers, StoredObject stored)
    {
        var hashes = new List<string> { $"crc32c={stored.Json.Text("crc32c")}" };
        if (stored.Json.Text("md5Hash") is { } md5)
            hashes.Add($"md5={md5}");
        headers["x-goog-hash"] = string.Join(',', hashes);
        headers["x-goog-generation"] = stored.Generation.Wire();
        headers["x-goog-metageneration"] = stored.Metageneration.Wire();
        headers["x-goog-stored-content-encoding"] = stored.Json.Text("contentEncoding") ?? "identity";
        headers["x-goog-stored-content-length"] = stored.Size.Wire();
        headers["x-goog-storage-class"] = stored.Json.Text("storageClass");
        headers.AcceptRanges = "bytes";
        headers.ETag = JsonFields.EntityTag(stored.Generation, stored.Metageneration);
        if (DateTimeOffset.TryParse(stored.Json.Text("updated"), CultureInfo.InvariantCulture, out var updated))
            headers.LastModified = HeaderUtilities.FormatDate(updated);
        SetIfAny(HeaderNames.CacheControl, "cacheControl");
        SetIfAny(HeaderNames.ContentDisposition, "contentDisposition");
        SetIfAny(HeaderNames.ContentEncoding, "contentEncoding");
        SetIfAny(HeaderNames.ContentLanguage, "contentLanguage");

        void SetIfAny(string header, string field)
        {
            if (stored.Json.Text(field) is { Length: > 0 } value)
                headers[header] = value;
        }
    }

    /// <returns>Null for the whole object (no range, several, or one that is not understood); a length of 0 when it is behind the end.</returns>
    private static (long First, long Length)? RequestedRange(HttpRequest request, long size)
    {
        if (request.GetTypedHeaders().Range is not { Ranges: { Count: 1 } ranges } header || header.Unit != "bytes")
            return null;
        var range = ranges.First();
        var first = range.From ?? Math.Max(0, size - range.To!.Value);
        var last = range.From is null ? size - 1 : Math.Min(range.To ?? long.MaxValue, size - 1);
        return (first, Math.Max(0, last - first + 1));
    }
}
