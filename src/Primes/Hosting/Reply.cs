using System.Text;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>Writes answers: always with the machine's name and the length, never a body to HEAD.</summary>
internal static class Reply
{
    internal const string ServedByHeader = "X-Served-By";

    /// <summary>The machine's host name without its domain, which on Compute Engine is the instance's name.</summary>
    internal static readonly string ServedBy = Environment.MachineName;

    /// <summary>The decoded path without its leading slash; empty for <c>/</c> and for the <c>*</c> of a request that has no path.</summary>
    internal static ReadOnlySpan<char> PathOf(HttpRequest request) => request.Path.Value is { Length: > 0 } path ? path.AsSpan(1) : default;

    internal static Task TextAsync(HttpContext context, int status, string sentence) =>
        WriteAsync(context, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(sentence));

    internal static Task WriteAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers[ServedByHeader] = ServedBy;
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>405 for what is neither GET nor HEAD.</summary>
    internal static Task MethodNotAllowedAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return TextAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are allowed.");
    }
}
