using System.Globalization;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Backend;

/// <summary><c>GET /N</c>: <c>True</c> or <c>False</c>, to the byte as the lab's server says it; and <c>GET /primes</c>.</summary>
internal sealed class BackendHandler(PrimeCalculator calculator)
{
    private static readonly byte[] Yes = "True"u8.ToArray();
    private static readonly byte[] No = "False"u8.ToArray();

    private readonly RangeHandler ranges = new(calculator);

    // Most numbers are small: they are answered on the way, without a state machine and, beyond Kestrel's own, without an allocation.
    internal Task AnswerAsync(HttpContext context)
    {
        var path = Reply.PathOf(context.Request);
        if (path is "primes")
            return ranges.AnswerAsync(context);
        if (path.IsEmpty || path.Contains('/'))
            return Problem.AnswerAsync(context, StatusCodes.Status404NotFound, "There is nothing here: ask for /N with a whole number N, such as /97, or for /primes?from=1&count=100.");
        if (!NumberText.TryRead("The path", path, out var digits, out var problem))
            return Problem.AnswerAsync(context, StatusCodes.Status400BadRequest, problem!);
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var small))
            return SayAsync(context, PrimalityTest.IsPrime(small));
        return AnswerLargeAsync(context, digits.ToString());
    }

    private async Task AnswerLargeAsync(HttpContext context, string digits)
    {
        try
        {
            await SayAsync(context, await calculator.IsPrimeAsync(digits, context.RequestAborted));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went; nobody is left to answer.
        }
    }

    private static Task SayAsync(HttpContext context, bool isPrime) =>
        Reply.WriteAsync(context, StatusCodes.Status200OK, Reply.PlainText, isPrime ? Yes : No);
}
