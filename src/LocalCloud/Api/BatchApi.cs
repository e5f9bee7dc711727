using System.Globalization;
using System.Net.Mime;
using System.Text;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Many requests in one: each part of the multipart body is a whole HTTP request, and each part of the answer its response.</summary>
internal static class BatchApi
{
    /// <summary>As many calls as the real service takes in one batch.</summary>
    private const int MostParts = 1000;

    public static async Task HandleAsync(HttpContext context, ApiWire wire)
    {
        var linkBase = $"{context.Request.Scheme}://{context.Request.Host.Value}{ApiWire.PathPrefix}";
        var boundary = Boundary(context.Request.ContentType);
        var text = Encoding.UTF8.GetString((await ApiWire.ReadBodyAsync(context.Request, context.RequestAborted)).Span).Replace("\r\n", "\n", StringComparison.Ordinal);
        var parts = boundary is null ? [] : text.Split($"--{boundary}").Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal)).Select(p => p.TrimStart('\n')).ToList();
        if (parts.Count is 0 or > MostParts)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"A batch is a multipart/mixed body with 1 to {MostParts} parts of type application/http.\n", context.RequestAborted);
            return;
        }

        // Together, so that several waits take as long as the longest.
        var answers = await Task.WhenAll(parts.Select(part => AnswerAsync(part, wire, linkBase, context.RequestAborted)));
        var separator = $"batch_{Guid.NewGuid():N}";
        var body = new StringBuilder();
        foreach (var answer in answers)
            body.Append(CultureInfo.InvariantCulture, $"--{separator}\r\n{answer}\r\n");
        body.Append(CultureInfo.InvariantCulture, $"--{separator}--\r\n");
        context.Response.ContentType = $"multipart/mixed; boundary={separator}";
        await context.Response.WriteAsync(body.ToString(), context.RequestAborted);
    }

    private static string? Boundary(string? contentType)
    {
        try
        {
            return contentType is null ? null : new ContentType(contentType).Boundary?.Trim('"');
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static async Task<string> AnswerAsync(string part, ApiWire wire, string linkBase, CancellationToken cancellationToken)
    {
        var (headers, request) = Divide(part);
        var id = Header(headers, "Content-ID")?.Trim('<', '>') ?? "";
        var (head, content) = Divide(request);
        var line = head.Split('\n')[0].Split(' ');
        var (status, body) = line.Length < 2
            ? (400, "{}"u8.ToArray())
            : await wire.ExchangeAsync(line[0], PathAndQuery(line[1]), Encoding.UTF8.GetBytes(content.TrimEnd('\n')), linkBase, cancellationToken);
        var payload = Encoding.UTF8.GetString(body);
        return $"Content-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\nHTTP/1.1 {status} {Reason(status)}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {body.Length}\r\n\r\n{payload}";
    }

    private static string PathAndQuery(string target) => Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme != Uri.UriSchemeFile ? url.PathAndQuery : target;

    private static (string Head, string Tail) Divide(string text) =>
        text.IndexOf("\n\n", StringComparison.Ordinal) is >= 0 and var end ? (text[..end], text[(end + 2)..]) : (text, "");

    private static string? Header(string headers, string name) => headers.Split('\n')
        .Where(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(h => h[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    private static string Reason(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
