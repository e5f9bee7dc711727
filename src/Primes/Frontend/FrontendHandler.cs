using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Frontend;

/// <summary><c>GET /</c> and <c>GET /START</c>: the page of a hundred numbers from 1, or from the start.</summary>
internal sealed class FrontendHandler(Upstream upstream, TimeSpan pageDeadline, TimeProvider time)
{
    internal async Task AnswerAsync(HttpContext context)
    {
        var path = Reply.PathOf(context.Request);
        if (path.Contains('/'))
        {
            await Problem.AnswerAsync(context, StatusCodes.Status404NotFound, "There is nothing here: ask for / or for /N with a whole number N, such as /10000.");
            return;
        }

        if (ReadStart(path, out var problem) is not { } start)
        {
            await Problem.AnswerAsync(context, StatusCodes.Status400BadRequest, problem!);
            return;
        }

        using var limit = new CancellationTokenSource(pageDeadline, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        var matrix = await Matrix.AskAsync(start, upstream, time, deadline.Token);
        if (context.RequestAborted.IsCancellationRequested)
            return;

        context.Response.Headers.ContentSecurityPolicy = MatrixPage.ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var status = matrix.Unknown == Matrix.Size ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await Reply.WriteAsync(context, status, "text/html; charset=utf-8", MatrixPage.Render(matrix));
    }

    private static BigInteger? ReadStart(ReadOnlySpan<char> path, out string? problem)
    {
        problem = null;
        if (path.IsEmpty)
            return BigInteger.One;
        if (!NumberText.TryRead("The path", path, out var digits, out problem))
            return null;

        var start = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (start <= Matrix.LastStart)
            return start;
        problem = $"The page shows {Matrix.Size} numbers of at most {NumberText.MaxDigits} digits: it can start at 10^{NumberText.MaxDigits} - {Matrix.Size} at the latest.";
        return null;
    }
}
