using System.Diagnostics;
using System.Text;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>
/// A machine of a CI system as its steps see it. What a test cannot have is set apart from the steps' own: packages as the tests' own build has them,
/// simulated machines unless said otherwise, and a local cloud in a folder of the test, which is taken down with it.
/// </summary>
internal sealed class StepShell : IAsyncDisposable
{
    private readonly StringBuilder _log = new();

    public StepShell(IReadOnlyDictionary<string, string> environment)
    {
        // Root needs no sudo, and a machine for tests may have none.
        var tools = Folder.CreateSubdirectory("tools").FullName;
        File.WriteAllText(Path.Combine(tools, "sudo"), "#!/bin/bash\nwhile [[ $1 == --* ]]; do shift; done\nexec \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(tools, "sudo"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment = new Dictionary<string, string>(environment) { ["PATH"] = $"{tools}:{System.Environment.GetEnvironmentVariable("PATH")}" };
    }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("primedeploy-steps-");

    /// <summary>Every step gets these.</summary>
    public Dictionary<string, string> Environment { get; }

    /// <summary>The local cloud's folder.</summary>
    public string State => Path.Combine(Folder.FullName, "cloud");

    /// <summary>What the local cloud's machines are.</summary>
    public string Machines { get; set; } = "none";

    /// <summary>Both streams of all steps.</summary>
    public string Log => _log.ToString();

    /// <param name="script">Bash, as the runners call it.</param>
    /// <param name="variables">The step's own, beside <see cref="Environment"/>.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string script, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        {
            WorkingDirectory = Yaml.Root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment.Concat(variables))
            start.Environment[name] = value;
        start.Environment["PublishedPackages"] = System.Environment.GetEnvironmentVariable("PublishedPackages") ?? "false";
        start.Environment["CAKE_PRIMEDEPLOY_CLOUD"] = "local";
        start.Environment["CAKE_PRIMEDEPLOY_MACHINES"] = Machines;
        start.Environment["CAKE_PRIMEDEPLOY_STATE"] = State;
        start.Environment["CAKE_PRIMEDEPLOY_PORT"] = "0";

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError), process.WaitForExitAsync(CancellationToken.None));
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("./build.sh --target=Teardown", new Dictionary<string, string>());
        Folder.Delete(recursive: true);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (_log)
                _log.AppendLine(line);
    }
}
