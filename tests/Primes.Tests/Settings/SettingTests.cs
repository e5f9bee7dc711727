using System.Diagnostics;
using PrimeDeploy.Primes.Backend;
using PrimeDeploy.Primes.Frontend;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Tests.Settings;

public sealed class SettingTests
{
    [Fact]
    public void Arguments_win_over_the_environment_and_that_over_defaults()
    {
        var reader = Reader(FrontendRole.Description, ["--page-deadline=1.5"], new() { ["PRIMES_PAGE_DEADLINE"] = "3", ["PRIMES_TRY_LIMIT"] = "2" });

        Assert.Equal(TimeSpan.FromSeconds(1.5), reader.Seconds("page-deadline", 0.1, 60));
        Assert.Equal(TimeSpan.FromSeconds(2), reader.Seconds("try-limit", 0.05, 60));
        Assert.Equal("0.0.0.0:80", reader.ListenAddress("listen")?.ToString());
        Assert.Empty(reader.Problems);
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_name_value_and_what_is_allowed()
    {
        var reader = Reader(FrontendRole.Description, ["--listen", "ftp://x", "--lsten=1", "--drain-delay", "-1", "--try-limit"], new() { ["PRIMES_LISSEN"] = "1" });
        reader.ListenAddress("listen");
        reader.Seconds("drain-delay", 0, 60);
        reader.Server("upstream");

        Assert.Equal(
            [
                "Unknown variable PRIMES_LISSEN in the environment. Known to 'frontend': PRIMES_LISTEN, PRIMES_DRAIN_DELAY, PRIMES_DRAIN_LIMIT, PRIMES_UPSTREAM, PRIMES_PAGE_DEADLINE, PRIMES_TRY_LIMIT.",
                "Unknown argument '--lsten=1'. 'frontend' understands --listen, --drain-delay, --drain-limit, --upstream, --page-deadline, --try-limit.",
                "--try-limit lacks its value: --try-limit SECONDS.",
                "--listen is 'ftp://x': it must be http://ADDRESS:PORT with an IP address of this machine, such as http://0.0.0.0:80.",
                "--drain-delay is '-1': it must be a number of seconds from 0 to 60, such as 0.5.",
                "--upstream is missing: The load balancer (or a backend) that knows which numbers are prime. Give --upstream http://ADDRESS[:PORT] or set PRIMES_UPSTREAM.",
            ],
            reader.Problems);
    }

    [Theory]
    [InlineData("http://10.138.0.10", true)]
    [InlineData("http://10.138.0.10:8080/", true)]
    [InlineData("http://backend.internal", true)]
    [InlineData("https://10.138.0.10", false)]
    [InlineData("http://10.138.0.10/2", false)]
    [InlineData("10.138.0.10", false)]
    [InlineData("", false)]
    public void An_upstream_is_an_http_server_without_a_path(string text, bool allowed) =>
        Assert.Equal(allowed, Reader(FrontendRole.Description, ["--upstream", text], []).Server("upstream") is not null);

    [Theory]
    [InlineData("", 2, "No role was given. Allowed: backend, frontend, probe.")]
    [InlineData("back", 2, "Unknown role 'back'. Allowed: backend, frontend, probe.")]
    [InlineData("backend --port 80", 2, "Unknown argument '--port'.")]
    [InlineData("probe --upstream http://127.0.0.1:1 --ask 2,x", 2, "--ask contains 'x'")]
    [InlineData("backend --listen http://192.0.2.1:8080", 1, "primes backend cannot listen: ")]
    public async Task The_program_ends_with_a_sentence_about_what_is_wrong(string arguments, int exitCode, string sentence)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Help_names_every_role_and_every_setting()
    {
        var (code, output, _) = await RunAsync("--help");
        Assert.Equal(0, code);
        Assert.All((string[])["backend", "frontend", "probe"], role => Assert.Contains($"primes {role}", output, StringComparison.Ordinal));

        (_, output, _) = await RunAsync("backend --help");
        Assert.All(BackendRole.Description.Settings, setting => Assert.Contains(setting.Variable, output, StringComparison.Ordinal));
    }

    private static SettingReader Reader(Role role, string[] arguments, Dictionary<string, string> environment) =>
        new(role.Name, role.Settings, arguments, environment, new HashSet<string>());

    private static async Task<(int Code, string Output, string Error)> RunAsync(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", $"\"{typeof(Role).Assembly.Location}\" {arguments}")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, await output, await error);
    }
}
