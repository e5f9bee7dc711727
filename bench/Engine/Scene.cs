using System.Diagnostics;
using PrimeDeploy.DeployBench;
using PrimeDeploy.Deployer;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Operations;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.EngineBench;

/// <summary>A local cloud of its own with simulated machines, startup scripts and a small program.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("primedeploy-engine-");

    private readonly CountingProxy _proxy;

    private Scene(LocalCloudServer cloud, CountingProxy proxy)
    {
        Cloud = cloud;
        _proxy = proxy;
        var scripts = _folder.CreateSubdirectory("startup");
        foreach (var script in Directory.EnumerateFiles(Path.Combine(CheckoutRoot(), "scripts", "startup")))
            File.Copy(script, Path.Combine(scripts.FullName, Path.GetFileName(script)));
        File.WriteAllText(Path.Combine(_folder.FullName, "primes"), "the program");
        Options = new DeploymentOptions { Project = "my-project", StartupScripts = scripts.FullName, Program = Path.Combine(_folder.FullName, "primes") };
    }

    public LocalCloudServer Cloud { get; }

    /// <summary>Every call so far.</summary>
    public IReadOnlyList<Call> Calls => _proxy.Calls;

    public DeploymentOptions Options { get; }

    public DeploymentEngine Engine => new(CloudConnection.At(_proxy.Endpoint));

    public static async Task<Scene> StartAsync(LatencyProfile latency)
    {
        var cloud = await LocalCloudServer.StartTemporaryAsync(options => options with { Latency = latency, Machines = MachineMode.None });
        return new(cloud, await CountingProxy.StartAsync(cloud.Endpoint, default));
    }

    /// <summary>Deploys, and throws where that fails.</summary>
    public async Task<ApplyReport> DeployAsync(PrimeService service)
    {
        var report = await Engine.Start(service).Completed;
        return report.Succeeded ? report : throw new InvalidOperationException(string.Join('\n', report.Failures.Select(failure => failure.Message)));
    }

    /// <summary>
    /// Deploys and verifies as the command does: after how long everything was there, and it came to its end. The machines are simulated, so what is
    /// found means nothing.
    /// </summary>
    public async Task<(TimeSpan Deployed, TimeSpan Verified)> ProveAsync(PrimeService service)
    {
        var started = Stopwatch.GetTimestamp();
        var engine = Engine;
        var run = engine.Start(service, new() { KeepLease = true, PrepareTest = true });
        if (!(await run.Completed).Succeeded) throw new InvalidOperationException("The deployment failed.");
        var deployed = Stopwatch.GetElapsedTime(started);
        await engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });
        return (deployed, Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await Cloud.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string CheckoutRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PrimeDeploy.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmark does not run from a checkout.");
        return folder.FullName;
    }
}
