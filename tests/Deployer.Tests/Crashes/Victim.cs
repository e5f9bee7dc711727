using System.Collections.Concurrent;
using System.Diagnostics;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>Runs of the Deployer in a process of their own, which can be killed (SIGKILL) at any moment.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _ends = new(StringComparer.Ordinal);

    private Victim(Process process)
    {
        _process = process;
        _ = ListenAsync();
    }

    /// <param name="what">deploy, verify or teardown.</param>
    /// <param name="folder">The workplace.</param>
    /// <param name="clouds">Where to; a run for each.</param>
    public static Victim Start(string what, string folder, IEnumerable<Uri> clouds) => new(Process.Start(new ProcessStartInfo("dotnet",
        [typeof(Victim).Assembly.Location, what, folder, .. clouds.Select(cloud => cloud.ToString())])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        // It lives for a second: optimizing what it runs, and measuring what would be worth it, is not. Killed, it would leave its diagnostics' pipes behind.
        Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TieredCompilation_BackgroundWorkerTimeoutMs"] = "0", ["DOTNET_EnableDiagnostics"] = "0" },
    })!);

    /// <summary>How the run against that cloud ends: <see cref="Program.Succeeded"/>, or what went wrong.</summary>
    public Task<string> EndOf(Uri cloud) => End(cloud.ToString()).Task;

    /// <summary>Kills it; returns when it is dead.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private TaskCompletionSource<string> End(string cloud) =>
        _ends.GetOrAdd(cloud, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ListenAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line.Split(' ', 2) is [var cloud, var end]) End(cloud).TrySetResult(end);
        var last = await errors;
        foreach (var end in _ends.Values) end.TrySetResult($"The process is gone: {last}");
    }
}
