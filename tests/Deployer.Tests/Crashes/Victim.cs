using System.Diagnostics;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>A deployment or a teardown in a process of its own, which can be killed (SIGKILL) at any moment.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;

    private Victim(Process process) => _process = process;

    /// <param name="what">deploy, verify or teardown.</param>
    /// <param name="cloud">Where to.</param>
    /// <param name="folder">The workplace.</param>
    public static Victim Start(string what, Uri cloud, string folder) => new(Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(Victim).Assembly.Location, what, cloud.ToString(), folder },
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        // It lives for a second: optimizing what it runs, and measuring what would be worth it, is not. Killed, it would leave its diagnostics' pipes behind.
        Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TieredCompilation_BackgroundWorkerTimeoutMs"] = "0", ["DOTNET_EnableDiagnostics"] = "0" },
    })!);

    /// <summary>Kills it; returns when it is dead.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end, whatever that is.</summary>
    /// <returns>Null when it was killed, otherwise its exit code.</returns>
    public async Task<int?> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        const int Killed = 128 + 9;
        return _process.ExitCode == Killed ? null : _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
