using System.Collections.Concurrent;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>A local cloud of its own, and victims that are killed on the way to it.</summary>
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

    /// <summary>Starts a process and kills it when it comes to that point.</summary>
    /// <returns>False when it ended without having come there.</returns>
    public Task<bool> KillAsync(string what, CrashPoint point)
    {
        var times = 0;
        return KillAsync(what, request => CrashPoint.Name(request) == point.Call && Interlocked.Increment(ref times) == point.Time, point.After);
    }

    /// <summary>Starts a process and kills it at its k-th call, from 1.</summary>
    /// <returns>False when it ended after fewer calls.</returns>
    public Task<bool> KillAsync(string what, int call, bool after)
    {
        var calls = 0;
        return KillAsync(what, _ => Interlocked.Increment(ref calls) == call, after);
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

    private async Task<bool> KillAsync(string what, Func<ProxiedRequest, bool> isThere, bool after)
    {
        await using var proxy = await FaultyProxy.StartAsync(_cloud.Endpoint);
        ProxiedRequest? last = null;
        Victim victim = null!;
        proxy.Hold = async request =>
        {
            if (!isThere(request)) return;
            last = request;
            if (!after) await victim.KillAsync();
        };
        proxy.Faults = request => !after && ReferenceEquals(request, last) ? new(Status: 503) : null; // Nobody is there to hear it; the cloud has not either.
        proxy.HoldAnswer = request => after && ReferenceEquals(request, last) ? victim.KillAsync() : Task.CompletedTask;
        using var limit = new CancellationTokenSource(Patience);
        victim = Victim.Start(what, proxy.Endpoint, _workplace.Folder);
        using (victim)
        {
            var exit = await victim.EndAsync(limit.Token);
            Assert.True(exit is null or 0, $"The process ended with {exit}.");
            return exit is null;
        }
    }
}
