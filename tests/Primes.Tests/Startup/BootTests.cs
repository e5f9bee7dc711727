namespace PrimeDeploy.Primes.Tests.Startup;

public sealed class BootTests
{
    [ToolFact("bash", "curl", "sha256sum")]
    public async Task A_backend_fetches_its_program_checks_it_runs_it_and_says_that_it_is_ready()
    {
        await using var machine = await Machine.StartAsync();

        var (exitCode, output) = await machine.BootAsync("backend");

        Assert.Equal("primedeploy: ready backend\n", output);
        Assert.Equal(0, exitCode);
        using var client = new HttpClient();
        Assert.Equal("True", await client.GetStringAsync(new Uri($"http://127.0.0.1:{machine.Port}/97")));
        Assert.Equal(["daemon-reload", "enable primes.service", "restart primes.service"], machine.SystemctlCalls.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [ToolFact("bash", "curl", "sha256sum")]
    public async Task The_next_boot_fetches_nothing_and_leaves_the_running_service_alone()
    {
        await using var machine = await Machine.StartAsync();
        await machine.BootAsync("backend");
        machine.Requests.Clear();

        var (_, output) = await machine.BootAsync("backend");

        Assert.Equal("primedeploy: ready backend\n", output);
        Assert.DoesNotContain(machine.Requests, request => request.Contains("storage", StringComparison.Ordinal) || request.Contains("token", StringComparison.Ordinal));
        Assert.EndsWith("restart primes.service\nis-active primes.service\n", machine.SystemctlCalls, StringComparison.Ordinal);
    }

    [ToolFact("bash", "curl", "sha256sum")]
    public async Task A_program_with_another_hash_is_not_run()
    {
        await using var machine = await Machine.StartAsync();
        machine.Attributes["primes-sha256"] = new string('0', 64);

        var (exitCode, output) = await machine.BootAsync("backend");

        Assert.EndsWith($"primedeploy: failed backend: checking that the program's hash is {new string('0', 64)} (exit status 1)\n", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        Assert.Empty(machine.SystemctlCalls);
    }

    [ToolFact("bash", "curl", "sha256sum")]
    public async Task A_missing_attribute_is_told()
    {
        await using var machine = await Machine.StartAsync();

        var (exitCode, output) = await machine.BootAsync("frontend");

        Assert.Contains(
            "primedeploy: failed frontend: reading the attributes primes-bucket primes-object primes-sha256 primes-upstream from the metadata server (exit status 22)",
            output,
            StringComparison.Ordinal);
        Assert.Equal(22, exitCode);
    }

    [ToolFact("bash", "curl", "sha256sum")]
    public async Task A_probe_listens_asks_and_reports()
    {
        await using var backend = await Server.BackendAsync();
        await using var machine = await Machine.StartAsync();
        machine.Attributes["primes-upstream"] = backend.Address.ToString().TrimEnd('/');
        machine.Attributes["primes-ask"] = "2,4,5";
        machine.Attributes["primes-expect"] = "1";
        machine.Attributes["primes-deadline"] = "60";

        var (exitCode, output) = await machine.BootAsync("probe");

        Assert.Equal(0, exitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("primedeploy: listening on port 80", lines[0]);
        Assert.Equal(5, lines.Count(line => line.StartsWith("primes-probe: {\"seq\":", StringComparison.Ordinal)));
        Assert.Contains("\"done\":true,\"ok\":true", lines[^2], StringComparison.Ordinal);
        Assert.Equal("primedeploy: ready probe", lines[^1]);
    }

    [ToolFact("bash", "curl", "sha256sum")]
    public async Task A_frontend_asks_its_upstream()
    {
        await using var backend = await Server.BackendAsync();
        await using var machine = await Machine.StartAsync();
        machine.Attributes["primes-upstream"] = backend.Address.ToString();

        var (_, output) = await machine.BootAsync("frontend");

        Assert.Equal("primedeploy: ready frontend\n", output);
        using var client = new HttpClient();
        Assert.Contains("<td bgcolor='#00ff00'>97</td>", await client.GetStringAsync(new Uri($"http://127.0.0.1:{machine.Port}/")), StringComparison.Ordinal);
    }
}
