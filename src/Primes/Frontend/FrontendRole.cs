using PrimeDeploy.Primes.Hosting;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Frontend;

/// <summary><c>primes frontend</c></summary>
internal static class FrontendRole
{
    internal static readonly Role Description = new(
        "frontend",
        "shows a hundred numbers as a page, the primes in green.",
        [
            .. WebServer.Settings,
            new("upstream", "http://ADDRESS[:PORT]", "The load balancer (or a backend) that knows which numbers are prime.", null),
            new("page-deadline", "SECONDS", "When a page is shown with what is known by then, 0.1 to 60.", "4"),
            new("try-limit", "SECONDS", "How long one try for ten numbers may take before another is made, 0.05 to 60; numbers above 77 digits get four times that.", "0.5"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(SettingReader reader)
    {
        var listen = reader.ListenAddress("listen");
        var limits = DrainLimits.Read(reader);
        var server = reader.Server("upstream");
        var pageDeadline = reader.Seconds("page-deadline", 0.1, 60);
        var tryLimit = reader.Seconds("try-limit", 0.05, 60);
        if (listen is null || server is null || reader.Problems.Count > 0)
            return 0;

        using var upstream = new Upstream(server, tryLimit, TimeProvider.System);
        var handler = new FrontendHandler(upstream, pageDeadline, TimeProvider.System);
        return await WebServer.RunAsync(listen, limits, drain => Gate.Before(drain, handler.AnswerAsync), Description.Name);
    }
}
