using PrimeDeploy.LocalCloud.Tests.Machines;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.EndToEnd.Tests;

/// <summary>What really goes wrong is found by the verification, and its report says what to look at.</summary>
public sealed class VerifyTests
{
    private static readonly VerificationOptions Impatient = new() { Patience = TimeSpan.FromSeconds(4) };

    [NamespacesFact]
    public async Task A_deleted_rule_a_stopped_program_and_an_unreachable_bucket_are_told_from_each_other()
    {
        await using var build = new Build();
        (await build.RunAsync("Deploy", "--size=1")).Succeeded();
        using var http = new HttpClient { BaseAddress = (await build.CloudAsync()).Endpoint };
        var (engine, service) = await OpenAsync(http);

        await DoAsync(http, HttpMethod.Delete, "global/firewalls/http-health-check");
        await UnhealthyAsync(http);
        var closed = await HealthAsync(engine, service);
        Assert.Contains("Health by backend:\n  backend-", closed, StringComparison.Ordinal);
        Assert.Contains(": UNHEALTHY", closed, StringComparison.Ordinal);
        Assert.Contains("No firewall rule lets health checks (35.191.0.0/16, 130.211.0.0/22) reach tcp:80 of machines tagged backend: they are dropped.", closed, StringComparison.Ordinal);
        Assert.DoesNotContain("Private Google Access", closed, StringComparison.Ordinal);

        Assert.True((await engine.Start(service).Completed).Succeeded);
        var backend = await BackendAsync(http);
        await RunOnAsync(http, backend, "systemctl", "stop", "primes.service");
        await UnhealthyAsync(http);
        var stopped = await HealthAsync(engine, service);
        Assert.Contains($"  {backend}: UNHEALTHY", stopped, StringComparison.Ordinal);
        Assert.Contains("http-health-check (priority 1000): allow from 35.191.0.0/16, 130.211.0.0/22 to backend", stopped, StringComparison.Ordinal);
        Assert.Contains($"The end of the serial output of {backend}:", stopped, StringComparison.Ordinal);

        await DoAsync(http, HttpMethod.Post, "regions/us-west1/subnetworks/default/setPrivateIpGoogleAccess", new { privateIpGoogleAccess = false });
        await DoAsync(http, HttpMethod.Post, "zones/us-west1-b/instanceGroupManagers/backend/recreateInstances", new { instances = new[] { $"zones/us-west1-b/instances/{backend}" } });
        await UnhealthyAsync(http);
        var cutOff = await HealthAsync(engine, service);
        Assert.Contains("Private Google Access of the subnet default in us-west1 is off: machines without an external address cannot fetch their program.", cutOff, StringComparison.Ordinal);
    }

    /// <summary>Held before the cloud sees it: what it is killed in never happens.</summary>
    [NamespacesFact]
    public async Task Killed_while_its_test_instance_asks_or_before_it_is_deleted_it_leaves_nothing_that_the_next_run_does_not_put_right()
    {
        await using var build = new Build();
        var frontend = (await build.RunAsync("Deploy", "--size=1")).Succeeded().Frontend;
        using var http = new HttpClient { BaseAddress = (await build.CloudAsync()).Endpoint };
        foreach (var verb in (string[])["serialPort", "delete"])
        {
            using var told = await http.PostAsJsonAsync("localcloud/faults", new[] { new { collection = "instances", name = "testinstance", verb, delaySeconds = 300 } });
            Assert.True(told.IsSuccessStatusCode, await told.Content.ReadAsStringAsync());
            var killed = build.Start("Deploy", "--size=1");
            await UntilAsync(http, "localcloud/faults", faults => (int)faults["faults"]![0]!["struck"]! > 0);
            using (var process = Process.GetProcessById(killed.Id))
                process.Kill();
            Assert.NotEqual(0, (await killed.EndAsync()).ExitCode);
            await http.DeleteAsync(new Uri("localcloud/faults", UriKind.Relative));
            Assert.Contains("testinstance", await http.GetStringAsync(Url("zones/us-west1-b/instances")), StringComparison.Ordinal);

            var next = (await build.RunAsync("Deploy", "--size=1")).Succeeded();

            Assert.Equal(frontend, next.Frontend);
            await UntilAsync(http, Url("zones/us-west1-b/instances"), instances => !instances.ToJsonString().Contains("testinstance", StringComparison.Ordinal));
            (await build.RunAsync("Plan", "--size=1", "--detailed-exitcode")).Succeeded();
        }
    }

    /// <summary>Asks until the answer is so.</summary>
    private static async Task UntilAsync(HttpClient http, string url, Func<JsonNode, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition((await http.GetFromJsonAsync<JsonNode>(url, limit.Token))!))
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
    }

    /// <summary>Verifies, and gives back the evidence of the failed check of the backends' health.</summary>
    private static async Task<string> HealthAsync(DeploymentEngine engine, PrimeService service)
    {
        var report = await engine.VerifyAsync(service, Impatient);
        Assert.False(report.Succeeded);
        var check = Assert.Single(report.Checks, check => check.Asked == "health of prime-service");
        Assert.Equal(("the API", "1 of 1 HEALTHY", CheckResult.Failed), (check.From, check.Expected, check.Result));
        return check.Evidence!;
    }

    /// <summary>The same deployment from C#: what it is made of is read from the cloud.</summary>
    private static async Task<(DeploymentEngine Engine, PrimeService Service)> OpenAsync(HttpClient http)
    {
        var template = await http.GetFromJsonAsync<JsonNode>(Url("global/instanceTemplates/primecalc"));
        var hash = template!["properties"]!["metadata"]!["items"]!.AsArray().Single(item => (string?)item!["key"] == "primes-sha256")!["value"]!.ToString();
        var options = new DeploymentOptions { Project = "primedeploy-local", Size = 1, StartupScripts = Path.Combine(Build.Root, "scripts", "startup") };
        var program = Directory.EnumerateFiles(Path.Combine(Build.Root, "artifacts", "primes"), "primes", SearchOption.AllDirectories)
            .First(file => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))) == hash);
        return (new(CloudConnection.At(http.BaseAddress!)), PrimeService.Describe(options with { Program = program }));
    }

    private static async Task<string> BackendAsync(HttpClient http)
    {
        var instances = await http.GetFromJsonAsync<JsonNode>(Url("zones/us-west1-b/instances"));
        return instances!["items"]!.AsArray().Select(item => (string)item!["name"]!).Single(name => name.StartsWith("backend-", StringComparison.Ordinal));
    }

    /// <summary>Health checks need two failures to be sure.</summary>
    private static async Task UnhealthyAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var answer = await http.PostAsJsonAsync(
                Url("regions/us-west1/backendServices/prime-service/getHealth"), new { group = "projects/primedeploy-local/zones/us-west1-b/instanceGroups/backend" }, limit.Token);
            var health = (await answer.Content.ReadFromJsonAsync<JsonNode>(limit.Token))!["healthStatus"] as JsonArray ?? [];
            if (health.All(backend => (string?)backend!["healthState"] != "HEALTHY"))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    private static async Task RunOnAsync(HttpClient http, string machine, params string[] command)
    {
        var way = (await http.GetFromJsonAsync<JsonNode>($"localcloud/machines/{machine}"))!["command"]!.AsArray().Select(word => (string)word!).ToList();
        using var run = Process.Start(way[0], [.. way.Skip(1), .. command]);
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
    }

    private static async Task DoAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Url(path)) { Content = body is null ? null : JsonContent.Create(body) };
        using var started = await http.SendAsync(request);
        var operation = await started.Content.ReadFromJsonAsync<JsonNode>();
        Assert.True(started.IsSuccessStatusCode, operation?.ToJsonString());
        using var waited = await http.PostAsync(new Uri($"{operation!["selfLink"]}/wait"), null);
        Assert.True(waited.IsSuccessStatusCode);
    }

    private static string Url(string path) => $"compute/v1/projects/primedeploy-local/{path}";
}
