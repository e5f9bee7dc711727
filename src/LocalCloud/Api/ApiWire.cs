using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>HTTP in, HTTP out: the only place that reads requests of the Compute Engine API and writes its answers.</summary>
internal sealed class ApiWire(ComputeApi api, ILogger<ApiWire> logger)
{
    public const string PathPrefix = "/compute/v1/";

    /// <summary>Larger bodies are refused: an instance's metadata, the largest thing in this API, is at most 512 KB.</summary>
    private const int LargestBody = 16 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var linkBase = LinkBase(context);
        int status;
        byte[] body;
        try
        {
            var content = await ReadBodyAsync(context.Request, context.RequestAborted);
            (status, body) = await ExchangeAsync(context.Request.Method, target, content, linkBase, context.RequestAborted);
        }
        catch (ApiException refused)
        {
            await RefuseAsync(context, refused);
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        await WriteAsync(context, status, body);
    }

    public static Task RefuseAsync(HttpContext context, ApiException refused) =>
        WriteAsync(context, refused.Status, JsonWire.Write(ErrorBody(refused), LinkBase(context), isPretty: true));

    private static string LinkBase(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host.Value}{PathPrefix}";

    private static async Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status204NoContent)
            return;
        context.Response.ContentType = "application/json; charset=UTF-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>One request and its answer, without the connection: a batch has many of them.</summary>
    /// <param name="target">Path and query as they stood in the request line.</param>
    public async Task<(int Status, byte[] Body)> ExchangeAsync(string method, string target, ReadOnlyMemory<byte> content, string linkBase, CancellationToken cancellationToken)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var query = ApiQuery.Parse(question < 0 ? "" : target[question..]);
        var isPretty = !string.Equals(query.Text("prettyPrint"), "false", StringComparison.OrdinalIgnoreCase);
        try
        {
            if (!path.StartsWith(PathPrefix, StringComparison.Ordinal))
                throw ApiException.Of(404, "notFound", $"There is nothing at {path}. The Compute Engine API is at {PathPrefix}projects/PROJECT/….");
            var segments = path[PathPrefix.Length..].TrimEnd('/').Split('/').Select(Uri.UnescapeDataString).ToList();
            var answer = await api.AnswerAsync(new ApiCall(method, segments, query, Parse(content, linkBase)), cancellationToken);
            return answer.Body is { } json ? (200, JsonWire.Write(json, linkBase, isPretty)) : (204, []);
        }
        catch (ApiException refused)
        {
            return (refused.Status, JsonWire.Write(ErrorBody(refused), linkBase, isPretty));
        }
        catch (IOException full) when (DiskFull.Is(full))
        {
            return (DiskFull.Status, JsonWire.Write(ErrorBody(ApiException.Of(DiskFull.Status, DiskFull.Reason, DiskFull.Message(full))), linkBase, isPretty));
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            logger.LogError(unexpected, "{Method} {Path} failed", method, path);
            return (500, JsonWire.Write(ErrorBody(ApiException.Of(500, "backendError", $"Internal error: {unexpected.Message}")), linkBase, isPretty));
        }
    }

    /// <exception cref="ApiException">It is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 || HttpMethods.IsGet(request.Method))
            return default;
        await using var plain = request.Headers.ContentEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(request.Body, CompressionMode.Decompress)
            : request.Body;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await plain.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > LargestBody)
                throw ApiException.Of(413, "uploadTooLarge", $"Request payload size exceeds the limit: {LargestBody} bytes.");
        }
        return buffer.ToArray();
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte> content, string linkBase)
    {
        if (content.Length == 0)
            return null;
        try
        {
            var parsed = JsonNode.Parse(content.Span);
            if (parsed is JsonValue text && text.TryGetValue<string>(out var written) && written.Length == 0)
                return null; // Google's library for Node says so of methods that have no body.
            if (parsed is not JsonObject json)
                throw ApiException.Of(400, "parseError", "Parse Error: the body must be a JSON object.");
            JsonWire.Normalize(json, linkBase);
            return json;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            throw ApiException.Of(400, "parseError", $"Parse Error: {malformed.Message}");
        }
    }

    private static JsonObject ErrorBody(ApiException refused) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = refused.Status,
            ["message"] = refused.Message,
            ["errors"] = new JsonArray([.. refused.Problems.Select(p => new JsonObject { ["message"] = p.Message, ["domain"] = "global", ["reason"] = p.Reason })]),
        },
    };
}
