using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Frontend;

/// <summary><c>GET /</c> and <c>GET /START</c>: the page of a hundred numbers from 1, or from the start; <c>GET /api/START</c>: the same for programs.</summary>
internal sealed class FrontendHandler(Upstream upstream, TimeSpan pageDeadline, TimeProvider time)
{
    private const string ApiPrefix = "api/";

    internal Task AnswerAsync(HttpContext context)
    {
        var path = Reply.PathOf(context.Request);
        if (path.IsEmpty)
            return context.Request.Query.TryGetValue("start", out var wanted) ? RedirectAsync(context, wanted.ToString()) : ShowAsync(context, BigInteger.One, isPage: true);

        var isPage = !path.StartsWith(ApiPrefix, StringComparison.Ordinal);
        var number = isPage ? path : path[ApiPrefix.Length..];
        if (number.Contains('/'))
            return Problem.AnswerAsync(context, StatusCodes.Status404NotFound, "There is nothing here: ask for /, or for /N or /api/N with a whole number N, such as /10000.");
        return TryReadStart("The path", number, out var start, out var problem)
            ? ShowAsync(context, start, isPage)
            : Problem.AnswerAsync(context, StatusCodes.Status400BadRequest, problem!);
    }

    /// <summary>The form of the page asks for <c>/?start=N</c>; a page has one address.</summary>
    private static Task RedirectAsync(HttpContext context, string wanted)
    {
        // Spaces are what people paste along.
        if (!TryReadStart("The start", wanted.AsSpan().Trim(), out var start, out var problem))
            return Problem.AnswerAsync(context, StatusCodes.Status400BadRequest, problem!);

        context.Response.Headers.Location = "/" + start.ToString(CultureInfo.InvariantCulture);
        return Reply.WriteAsync(context, StatusCodes.Status303SeeOther, Reply.PlainText, ReadOnlyMemory<byte>.Empty);
    }

    private async Task ShowAsync(HttpContext context, BigInteger start, bool isPage)
    {
        using var limit = new CancellationTokenSource(pageDeadline, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        var matrix = await Matrix.AskAsync(start, upstream, time, deadline.Token);
        if (context.RequestAborted.IsCancellationRequested)
            return;

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PageStyle.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        var status = matrix.IsEmpty ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await (isPage
            ? Reply.WriteAsync(context, status, "text/html; charset=utf-8", MatrixPage.Render(matrix))
            : Reply.WriteAsync(context, status, Reply.Json, MatrixDocument.Render(matrix)));
    }

    private static bool TryReadStart(string subject, ReadOnlySpan<char> text, out BigInteger start, out string? problem)
    {
        start = default;
        if (!NumberText.TryRead(subject, text, out var digits, out problem))
            return false;

        start = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (start <= Matrix.LastStart)
            return true;
        problem = $"The page shows {Matrix.Size} numbers of at most {NumberText.MaxDigits} digits: it can start at 10^{NumberText.MaxDigits} - {Matrix.Size} at the latest.";
        return false;
    }
}
