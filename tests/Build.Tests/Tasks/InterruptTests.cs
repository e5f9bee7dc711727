using System.Diagnostics;
using PrimeDeploy.Build.Tasks;
using PrimeDeploy.Build.Tests.Scripts;

namespace PrimeDeploy.Build.Tests.Tasks;

public sealed class InterruptTests : IDisposable
{
    /// <summary>Takes its time to publish, and says so first.</summary>
    private const string Slow = """<Project><Target Name="Restore" /><Target Name="Publish"><Exec Command="sleep 300" /></Target></Project>""";

    private readonly string _root = Directory.CreateTempSubdirectory("interrupted-").FullName;

    [LinuxFact]
    public async Task Ctrl_C_ends_with_130_also_where_nothing_of_a_deployment_was_begun()
    {
        Write("PrimeDeploy.sln", "");
        foreach (var script in (string[])["backend.sh", "frontend.sh", "probe.sh"])
            Write("scripts/startup/" + script, "#!/bin/bash\n");
        Write("src/Primes/Primes.csproj", Slow);
        Write("src/LocalCloud/LocalCloud.csproj", Slow);
        // Whoever runs the tests in the background may ignore SIGINT, and so would their processes.
        using var build = Process.Start(new ProcessStartInfo("env", ["--default-signal", "dotnet", typeof(BuildTask).Assembly.Location, "--target=Publish"])
        {
            WorkingDirectory = _root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var kill = limit.Token.Register(() => build.Kill(entireProcessTree: true));
        var errors = build.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await build.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line && !line.Contains("is new or changed", StringComparison.Ordinal))
        {
        }

        using (var interrupt = Process.Start("kill", ["-INT", build.Id.ToString()]))
            await interrupt.WaitForExitAsync(CancellationToken.None);
        await build.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await build.WaitForExitAsync(CancellationToken.None);

        Assert.Contains("Stopped. The next run goes on from what is there.", await errors, StringComparison.Ordinal);
        Assert.Equal(130, build.ExitCode);
        using var left = Process.Start(new ProcessStartInfo("pgrep", ["--full", "--list-full", _root]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        Assert.Equal("", await left.StandardOutput.ReadToEndAsync(CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
