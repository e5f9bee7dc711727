using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PrimeDeploy.Primes.Hosting;
using PrimeDeploy.Primes.Settings;
using PrimeDeploy.Primes.Tests.Startup;

namespace PrimeDeploy.Primes.Tests.Backend;

public sealed class DrainTests
{
    private static readonly DrainLimits Long = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Health_fails_first_while_numbers_are_still_answered()
    {
        await using var server = await Server.BackendAsync(Long);
        Assert.Equal("ok", await server.Client.GetStringAsync("/healthz"));

        server.Drain.Begin();

        using var health = await server.Client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        using var number = await server.Client.GetAsync("/7");
        Assert.Equal("True", await number.Content.ReadAsStringAsync());
        Assert.True(number.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Googles_health_checker_is_refused_whatever_it_asks()
    {
        await using var server = await Server.BackendAsync(Long);
        server.Client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("GoogleHC", "1.0"));
        Assert.Equal("True", await server.Client.GetStringAsync("/2"));

        server.Drain.Begin();

        using var health = await server.Client.GetAsync("/2");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
    }

    [Fact]
    public async Task A_second_signal_ends_it_without_the_delay()
    {
        await using var server = await Server.BackendAsync(Long);
        var ended = server.Ended;
        server.Drain.Begin();
        Assert.False(ended.IsCompleted);
        server.Drain.Begin();
        await ended.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [ToolFact("bash")]
    public async Task SIGTERM_ends_the_program_in_order()
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(Role).Assembly.Location, "backend", "--listen", "http://127.0.0.1:0", "--drain-delay", "30"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var said = await program.StandardOutput.ReadLineAsync();
        using var client = new HttpClient { BaseAddress = new Uri(Logged(said, "Address")) };
        Assert.Equal("ok", await client.GetStringAsync("/healthz"));

        await Scripts.RunAsync("bash", ["-c", $"kill -TERM {program.Id}"]);
        while ((await client.GetAsync("/healthz")).StatusCode == HttpStatusCode.OK)
            await Task.Yield();
        Assert.Equal("True", await client.GetStringAsync("/7"));

        await Scripts.RunAsync("bash", ["-c", $"kill -TERM {program.Id}"]);
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("health checks fail from now on", await program.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("backend", Logged(await program.StandardOutput.ReadLineAsync(), "Role"));
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_before_the_end()
    {
        var arrived = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var server = await Server.StartAsync(async context =>
        {
            arrived.SetResult();
            await goOn.Task;
            await context.Response.WriteAsync("True");
        });
        var answer = server.Client.GetStringAsync("/7");
        await arrived.Task;
        var ended = server.Ended;

        server.Drain.Begin();
        Assert.False(ended.IsCompleted);
        goOn.SetResult();

        Assert.Equal("True", await answer);
        await ended.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>A value of a line of the program's log.</summary>
    private static string Logged(string? line, string key) => JsonDocument.Parse(line!).RootElement.GetProperty("State").GetProperty(key).GetString()!;
}
