using Microsoft.Extensions.Primitives;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>Writes answers: always with the machine's name and the length, never a body to HEAD.</summary>
internal static class Reply
{
    internal const string ServedByHeader = "X-Served-By";
    internal const string PlainText = "text/plain; charset=utf-8";
    internal const string Json = "application/json";

    /// <summary>The machine's host name without its domain, which on Compute Engine is the instance's name.</summary>
    internal static readonly string ServedBy = Environment.MachineName;

    private static readonly StringValues ServedByValue = new(ServedBy);
    private static readonly StringValues NoStore = new("no-store");

    /// <summary>The decoded path without its leading slash; empty for <c>/</c> and for the <c>*</c> of a request that has no path.</summary>
    internal static ReadOnlySpan<char> PathOf(HttpRequest request) => request.Path.Value is { Length: > 0 } path ? path.AsSpan(1) : default;

    internal static Task WriteAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        var headers = response.Headers;
        headers.ContentType = contentType;
        headers.ContentLength = body.Length;
        headers.CacheControl = NoStore;
        headers[ServedByHeader] = ServedByValue;
        // Without the request's cancellation: asking for it would make Kestrel allocate one per request, and a write to a client that has gone ends by itself.
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }
}
