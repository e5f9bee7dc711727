namespace PrimeDeploy.Primes.Hosting;

/// <summary>What a role answers to health checks, and to everybody while it ends.</summary>
internal static class Health
{
    /// <summary>
    /// Puts health checks, allowed methods and the polite end before a role's own answers. While draining, Google's health checkers are refused
    /// whatever path they are set to, because the lab's health check asks for a number and would stay content to the last moment.
    /// </summary>
    internal static RequestDelegate Before(Drain drain, RequestDelegate answer) => context =>
    {
        var request = context.Request;
        if (drain.HasBegun)
            context.Response.Headers.Connection = "close";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return Reply.MethodNotAllowedAsync(context);

        var isHealthPath = request.Path == "/healthz";
        if (drain.HasBegun && (isHealthPath || IsHealthChecker(request)))
            return Reply.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "Draining: this machine takes its leave.");

        return isHealthPath ? Reply.TextAsync(context, StatusCodes.Status200OK, "ok") : answer(context);
    };

    // https://cloud.google.com/load-balancing/docs/health-check-concepts: probes say "User-Agent: GoogleHC/1.0".
    private static bool IsHealthChecker(HttpRequest request) => request.Headers.UserAgent.ToString().StartsWith("GoogleHC/", StringComparison.Ordinal);
}
