using System.Numerics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PrimeDeploy.Primes.Probe;

namespace PrimeDeploy.Primes.Tests.Probe;

public sealed class ProbeTests
{
    private static readonly BigInteger[] LabsNumbers = [2, 4, 5];

    [Fact]
    public async Task Reports_every_answer_every_backend_and_that_all_is_well()
    {
        await using var server = await Server.BackendAsync();

        var (ok, findings) = await ProbeAsync(server.Address, LabsNumbers, backends: 1);

        Assert.True(ok);
        Assert.Equal(Enumerable.Range(1, findings.Length), findings.Select(finding => finding.GetProperty("seq").GetInt32()));
        var asked = findings.Where(finding => finding.TryGetProperty("ask", out _)).ToArray();
        Assert.Equal(["/2", "/4", "/5"], asked.Select(finding => finding.GetProperty("ask").GetString()));
        Assert.Equal(["True", "False", "True"], asked.Select(finding => finding.GetProperty("answer").GetString()));
        Assert.All(asked, finding => Assert.Equal(Environment.MachineName, finding.GetProperty("servedBy").GetString()));
        Assert.True(findings[^1].GetProperty("done").GetBoolean());
        Assert.True(findings[^1].GetProperty("ok").GetBoolean());
        Assert.Equal(1, findings[^1].GetProperty("backends").GetInt32());
    }

    [Fact]
    public async Task Meets_backends_that_only_some_connections_reach()
    {
        var requests = 0;
        await using var server = await Server.StartAsync(context =>
        {
            context.Response.Headers["X-Served-By"] = Interlocked.Increment(ref requests) switch { 20 => "backend-c", 10 => "backend-b", _ => "backend-a" };
            return context.Response.WriteAsync("True");
        });

        var (ok, findings) = await ProbeAsync(server.Address, [2], backends: 3);

        Assert.True(ok);
        Assert.Equal(
            ["backend-a", "backend-b", "backend-c"],
            findings.Where(finding => finding.TryGetProperty("backend", out _)).Select(finding => finding.GetProperty("backend").GetString()));
        Assert.Equal(20, requests);
    }

    [Fact]
    public async Task Says_which_answer_is_wrong()
    {
        await using var server = await Server.StartAsync(TrueAsync);

        var (ok, findings) = await ProbeAsync(server.Address, LabsNumbers, backends: 1);

        Assert.False(ok);
        Assert.Equal(
            [("/2", true), ("/4", false), ("/5", true)],
            findings.Where(finding => finding.TryGetProperty("ask", out _)).Select(finding => (finding.GetProperty("ask").GetString(), finding.GetProperty("right").GetBoolean())));
        Assert.Equal("wrong answers to /4", findings[^1].GetProperty("why").GetString());
    }

    [Fact]
    public async Task Says_that_a_backend_is_missing()
    {
        await using var server = await Server.BackendAsync();

        var (ok, findings) = await ProbeAsync(server.Address, LabsNumbers, backends: 2, deadline: TimeSpan.FromSeconds(3));

        Assert.False(ok);
        Assert.Equal("only 1 of 2 backends answered before the deadline", findings[^1].GetProperty("why").GetString());
    }

    [Fact]
    public async Task Waits_for_a_load_balancer_that_answers_later()
    {
        var early = 3;
        await using var server = await Server.StartAsync(context =>
        {
            if (Interlocked.Decrement(ref early) >= 0)
                context.Abort();
            return TrueAsync(context);
        });

        var (ok, findings) = await ProbeAsync(server.Address, [2], backends: 1);

        Assert.True(ok);
        Assert.Equal("True", findings[0].GetProperty("answer").GetString());
    }

    private static Task TrueAsync(HttpContext context)
    {
        context.Response.Headers["X-Served-By"] = "backend-a";
        return context.Response.WriteAsync("True");
    }

    private static async Task<(bool Ok, JsonElement[] Findings)> ProbeAsync(Uri server, BigInteger[] numbers, int backends, TimeSpan? deadline = null)
    {
        using var output = new MemoryStream();
        using var findings = new Findings(output, TimeProvider.System);
        using var run = new ProbeRun(server, findings, TimeProvider.System);
        using var limit = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(30));
        var ok = await run.AskAllAsync(numbers, backends, limit.Token);

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("primes-probe: {", line, StringComparison.Ordinal));
        return (ok, [.. lines.Select(line => JsonDocument.Parse(line[Findings.Mark.Length..]).RootElement)]);
    }
}
