using System.Diagnostics;

namespace PrimeDeploy.Deployer.Tests;

/// <summary>A local cloud of its own with simulated machines, as a process: the Deployer meets it over HTTP only.</summary>
internal sealed class LocalCloudProcess : IAsyncDisposable
{
    private const string Ready = "Local cloud ready at ";

    private readonly Process _process;

    private LocalCloudProcess(Process process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    public static async Task<LocalCloudProcess> StartAsync(string stateDirectory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host
            && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "PrimeDeploy.LocalCloud.dll"), "--port", "0", "--state",
                stateDirectory, "--machines", "none", "--latency", "instant" },
            // It ends by being killed, and would leave its diagnostics' pipes behind.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync();
        if (line?.StartsWith(Ready, StringComparison.Ordinal) is not true)
            throw new InvalidOperationException($"The local cloud did not start. It said: {line}\n{await errors}");
        return new(process, new Uri(line[Ready.Length..]));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
