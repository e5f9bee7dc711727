using System.Collections.Concurrent;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>A local cloud of its own, and runs that are killed on the way to it.</summary>
internal sealed class CrashLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LocalCloudServer _cloud;
    private readonly Workplace _workplace;
    private readonly ConcurrentDictionary<string, int> _made;

    private CrashLab(LocalCloudServer cloud, Workplace workplace, ConcurrentDictionary<string, int> made)
    {
        _cloud = cloud;
        _workplace = workplace;
        _made = made;
    }

    /// <summary>What came into being more than once without having been deleted in between by a teardown.</summary>
    public IEnumerable<string> MadeTwice => _made.Where(thing => thing.Value > 1).Select(thing => thing.Key);

    /// <summary>How many calls the cloud has had.</summary>
    public long Calls => _cloud.Calls;

    /// <summary>The engine of a run that nobody kills.</summary>
    public DeploymentEngine Engine => new(CloudConnection.At(_cloud.Endpoint), null, time: null);

    public PrimeService Service => PrimeService.Describe(_workplace.Options);

    public static async Task<CrashLab> StartAsync(Workplace workplace)
    {
        var made = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var cloud = await LocalCloudServer.StartTemporaryAsync(options => options with { Created = path => made.AddOrUpdate(path, 1, (_, times) => times + 1) });
        return new(cloud, workplace, made);
    }

    /// <summary>Runs to the end and writes down every call.</summary>
    public async Task<IReadOnlyList<ProxiedRequest>> RecordAsync(Func<DeploymentEngine, Task> run)
    {
        await using var proxy = await FaultyProxy.StartAsync(_cloud.Endpoint);
        await run(new DeploymentEngine(CloudConnection.At(proxy.Endpoint)));
        return proxy.Requests;
    }

    /// <summary>
    /// Starts a process with a run against each of the clouds. A run that comes to its point is cut off from its cloud; when all of them are, or have
    /// ended, the process is killed. So each cloud sees what it would see if its run had been killed at once.
    /// </summary>
    /// <returns>For each, how it ended without having come to its point; null when it was killed there.</returns>
    public static async Task<IReadOnlyList<string?>> KillAsync(string what, IReadOnlyList<(CrashLab Lab, CrashPoint Point)> runs)
    {
        var dead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new List<CutLine>();
        try
        {
            foreach (var (lab, point) in runs) lines.Add(await CutLine.StartAsync(lab._cloud.Endpoint, point, dead.Task));
            using var victim = Victim.Start(what, runs[0].Lab._workplace.Folder, lines.Select(line => line.Endpoint));
            var ends = await Task.WhenAll(lines.Select(async line =>
                await Task.WhenAny(line.Cut, victim.EndOf(line.Endpoint)) == line.Cut ? null : await victim.EndOf(line.Endpoint))).WaitAsync(Patience);
            await victim.KillAsync();
            return ends;
        }
        finally
        {
            dead.SetResult();
            foreach (var line in lines) await line.DisposeAsync();
        }
    }

    public async Task DeployAsync()
    {
        var report = await Engine.Start(Service).Completed;
        Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message)));
    }

    public async Task TeardownAsync()
    {
        var report = await Engine.TeardownAsync(_workplace.Options);
        Assert.True(report.Succeeded, string.Join('\n', report.Items));
        _made.Clear();
    }

    public Task<IReadOnlyList<string>> InventoryAsync() => Inventory.ReadAsync(_cloud.Endpoint, _workplace.Options.Project);

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
