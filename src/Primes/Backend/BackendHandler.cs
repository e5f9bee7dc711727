using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Backend;

/// <summary><c>GET /N</c>: <c>True</c> or <c>False</c>, to the byte as the lab's server says it.</summary>
internal sealed class BackendHandler(PrimeCalculator calculator)
{
    private static readonly byte[] Yes = "True"u8.ToArray();
    private static readonly byte[] No = "False"u8.ToArray();

    internal async Task AnswerAsync(HttpContext context)
    {
        var path = Reply.PathOf(context.Request);
        if (path.IsEmpty || path.Contains('/'))
        {
            await Reply.TextAsync(context, StatusCodes.Status404NotFound, "There is nothing here: ask for /N with a whole number N, such as /97.");
            return;
        }

        if (NumberText.Read(path, out var problem) is not { } digits)
        {
            await Reply.TextAsync(context, StatusCodes.Status400BadRequest, problem!);
            return;
        }

        try
        {
            var isPrime = await calculator.IsPrimeAsync(digits, context.RequestAborted);
            await Reply.WriteAsync(context, StatusCodes.Status200OK, "text/plain; charset=utf-8", isPrime ? Yes : No);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went; nobody is left to answer.
        }
    }
}
