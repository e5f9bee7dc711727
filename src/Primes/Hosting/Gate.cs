namespace PrimeDeploy.Primes.Hosting;

/// <summary>What every role does before its own answers: allowed methods, lengths, health checks, and the polite end.</summary>
internal static class Gate
{
    /// <summary>1,000 digits, each of which may be percent-encoded, and some leading zeros.</summary>
    private const int MaxPath = 4_096;

    private static readonly byte[] Ok = "ok"u8.ToArray();

    /// <summary>
    /// Lets through to <paramref name="answer"/> what is for it. While draining, Google's health checkers are refused
    /// whatever path they are set to, because the lab's health check asks for a number and would stay content to the last moment.
    /// </summary>
    internal static RequestDelegate Before(Drain drain, RequestDelegate answer) => context =>
    {
        var request = context.Request;
        if (drain.HasBegun)
            context.Response.Headers.Connection = "close";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return Problem.MethodNotAllowedAsync(context);

        var path = Reply.PathOf(request);
        if (path.Length > MaxPath)
            return Problem.AnswerAsync(context, StatusCodes.Status414UriTooLong, $"The path has more than {MaxPath} characters.");

        var isHealthPath = path is "healthz";
        if (drain.HasBegun && (isHealthPath || IsHealthChecker(request)))
            return Problem.AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "Draining: this machine takes its leave.");

        return isHealthPath ? Reply.WriteAsync(context, StatusCodes.Status200OK, Reply.PlainText, Ok) : answer(context);
    };

    // https://cloud.google.com/load-balancing/docs/health-check-concepts: probes say "User-Agent: GoogleHC/1.0".
    private static bool IsHealthChecker(HttpRequest request) => request.Headers.UserAgent.ToString().StartsWith("GoogleHC/", StringComparison.Ordinal);
}
