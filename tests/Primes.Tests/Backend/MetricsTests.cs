using System.Text.RegularExpressions;

namespace PrimeDeploy.Primes.Tests.Backend;

public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_status_and_duration()
    {
        await using var server = await Server.BackendAsync();
        foreach (var path in (string[])["/2", "/4", "/x", "/1/2"])
            await server.Client.GetAsync(path);

        using var response = await server.Client.GetAsync("/metrics");
        var metrics = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("primes_requests_total{code=\"200\"} 2\nprimes_requests_total{code=\"400\"} 1\nprimes_requests_total{code=\"404\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("primes_request_duration_seconds_bucket{le=\"+Inf\"} 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains("primes_request_duration_seconds_count 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains("primes_large_waiting 0\n", metrics, StringComparison.Ordinal);
        // Every line is a comment, or a name, perhaps with labels, and a number.
        Assert.All(metrics.TrimEnd('\n').Split('\n'), line => Assert.Matches(@"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+=""[^""]+""\})? -?[0-9.]+(E-?[0-9]+)?)$", line));
        Assert.Equal(Regex.Count(metrics, "# TYPE"), Regex.Count(metrics, "# HELP"));
    }
}
