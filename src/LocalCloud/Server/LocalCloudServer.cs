using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Metadata;
using PrimeDeploy.LocalCloud.Networks;
using PrimeDeploy.LocalCloud.Operations;
using PrimeDeploy.LocalCloud.Projects;
using PrimeDeploy.LocalCloud.Storage;
using PrimeDeploy.LocalCloud.WebConsole;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>A running local cloud: the parts, put together, started in order and stopped in reverse. Disposing it leaves its machines running for the next one.</summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _stop = new();
    private readonly FaultRegistry _faults = new();
    private readonly LimitsTable _limits = new();
    private readonly FaultyWire _faulty;
    private bool _isPurged;
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalCloudServer(LocalCloudOptions options, DateTimeOffset startedAt)
    {
        Options = options;
        StartedAt = startedAt;
        _faulty = new FaultyWire(_faults, new ProjectGate(_limits), options.Time);
    }

    /// <summary>What it was started with.</summary>
    public LocalCloudOptions Options { get; }

    internal DateTimeOffset StartedAt { get; }

    /// <summary>For example http://127.0.0.1:9900/.</summary>
    public Uri Endpoint { get; private set; } = null!;

    internal HostCapabilities Machines { get; private set; } = null!;

    /// <summary>Completes when a client has asked for the end; whoever started the server then disposes it.</summary>
    internal Task StopRequested => _stopRequested.Task;

    /// <summary>Starts one for a test: on a free port, with a state directory of its own that goes, with all machines, when the server is disposed.</summary>
    /// <param name="change">Sets options; null for simulated machines that are there at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<LocalCloudServer> StartTemporaryAsync(
        Func<LocalCloudOptions, LocalCloudOptions>? change = null, CancellationToken cancellationToken = default)
    {
        var options = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-").FullName) { Machines = MachineMode.None };
        return StartAsync(change?.Invoke(options) ?? options, isTemporary: true, cancellationToken);
    }

    /// <summary>Starts one on its state directory.</summary>
    /// <param name="options">Where, and what machines.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LocalCloudStartException">The port is taken, or the state directory is, or machines cannot boot as wanted; the message says by whom, or why.</exception>
    public static Task<LocalCloudServer> StartAsync(LocalCloudOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(options, isTemporary: false, cancellationToken);

    /// <summary>How many calls of the Compute Engine and Cloud Storage APIs have come in, also those that went wrong on purpose; a batch counts as none.</summary>
    public long Calls => _faulty.Calls;

    /// <summary>Lets calls go wrong from now on.</summary>
    /// <exception cref="ArgumentException">A fault is not valid: every problem of all of them.</exception>
    public IReadOnlyList<FaultReport> AddFaults(params IReadOnlyList<Fault> faults) => _faults.Add(faults);

    /// <summary>Nothing goes wrong on purpose any more.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>The faults that were added and not taken back, with how often they happened.</summary>
    public IReadOnlyList<FaultReport> Faults => _faults.List();

    /// <summary>Says what a project, and whoever calls, may not do from now on.</summary>
    public void Limit(string project, ProjectLimits limits) => _limits.Set(project, limits);

    private static async Task<LocalCloudServer> StartAsync(LocalCloudOptions options, bool isTemporary, CancellationToken cancellationToken)
    {
        var server = new LocalCloudServer(options, options.Time.GetUtcNow()) { _isPurged = isTemporary };
        try
        {
            await server.StartPartsAsync(cancellationToken);
            return server;
        }
        catch (Exception unusable) when (unusable is IOException or MachineHostException)
        {
            await server.DisposeAsync();
            throw new LocalCloudStartException(unusable is IOException ? $"The state in {options.StateDirectory} cannot be used: {unusable.Message}" : unusable.Message, unusable);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it; machines run on, unless it was started for a test.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_stop.TryPop(out var stop))
            await stop();
    }

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        var directory = Options.StateDirectory;
        var state = StateLock.Take(directory);
        OnStop(() =>
        {
            state.Dispose();
            if (_isPurged)
                Directory.Delete(directory, recursive: true);
        });

        var journal = Journal.Open(directory);
        OnStop(journal.Dispose);
        var store = new DocumentStore(Options.Created is { } created ? Announcing(journal, created) : journal.Record);
        var operationStore = new DocumentStore(journal.Record);
        foreach (var (name, json) in journal.Documents())
            (name.Collection == "operations" ? operationStore : store).Load(name, json);

        var host = await MachineHost.OpenAsync(directory, Options.Machines, Options.Init, Options.Time, cancellationToken);
        OnStop(async () =>
        {
            if (_isPurged)
                await host.PurgeAsync(CancellationToken.None);
            await host.DisposeAsync();
        });
        Machines = host.Capabilities;

        var app = Build();
        OnStop(app.DisposeAsync);
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        var storage = new StorageApi(Path.Combine(directory, "storage"), Options.Time);
        OnStop(storage.DisposeAsync);
        var guests = new GuestServices(host, store, storage, Path.Combine(directory, "guests"), Options.Time);
        OnStop(guests.DisposeAsync);
        var latency = new Latency(Options.Latency);
        var services = new ComputeServices(store, new ExternalAddresses(directory), Options.Time) { Faults = _faults, Quotas = new Quotas(store, _limits) };
        var control = new ComputeControl(store, host, guests, new InstanceFactory(services), Options.Time, loggers);
        OnStop(control.DisposeAsync);
        var operations = new OperationRunner(operationStore, latency, Options.Time, loggers.CreateLogger<OperationRunner>(), FinishAsync);
        var wire = new ApiWire(new ComputeApi(services, control, operations, new OperationsApi(operationStore, operations)), loggers.CreateLogger<ApiWire>());
        var admin = new AdminApi(this, new FaultsApi(_faults, latency, _limits), new MachineApi(store, control), CountResources, RequestStop);
        var projects = new ProjectServicesApi(_limits);
        var closing = new CancellationTokenSource();
        var console = new ConsolePage(new ConsoleView(store, operationStore, control), store, operationStore, control, admin.Head, closing.Token);
        app.Run(context => _faulty.HandleAsync(context, harmed => RouteAsync(harmed, wire, admin, storage, console, projects)));

        await ListenAsync(app, cancellationToken);
        OnStop(async () =>
        {
            await closing.CancelAsync(); // Pages that are open would keep the endpoint waiting.
            await app.StopAsync(CancellationToken.None);
            closing.Dispose();
        });
        OnStop(operations.DisposeAsync); // Before the endpoint stops: whoever waits for an operation gets an answer.
        await control.StartAsync(cancellationToken);
        operations.Resume(store.All().Where(d => d.Json.IsDeleting()).Select(d => d.Name));
        state.Announce(Endpoint);

        int CountResources() => storage.BucketCount + store.All().Count(document => !Local.GetFlag(document.Json, Local.PrePopulated));

        // What is purged is purged on the way out, when nothing works on it any more.
        void RequestStop(bool purge)
        {
            _isPurged |= purge;
            _stopRequested.TrySetResult();
        }

        Task FinishAsync(string verb, ResourceName target, CancellationToken token) =>
            ResourceTable.Find(target.Collection)?.FinishAsync(verb, target, services, control, token) ?? Task.CompletedTask;
    }

    private static Action<ResourceName, System.Text.Json.Nodes.JsonObject?> Announcing(Journal journal, Action<string> created)
    {
        var there = journal.Documents().Select(document => document.Name).ToHashSet();
        return (name, json) =>
        {
            journal.Record(name, json);
            if (json is null)
                there.Remove(name);
            else if (there.Add(name))
                created(name.Path);
        };
    }

    private void OnStop(Func<ValueTask> stop) => _stop.Push(stop);

    private void OnStop(Action stop) => _stop.Push(() =>
    {
        stop();
        return ValueTask.CompletedTask;
    });

    private static async Task RouteAsync(
        HttpContext context, ApiWire wire, AdminApi admin, StorageApi storage, ConsolePage console, ProjectServicesApi projects)
    {
        if (await projects.HandleAsync(context))
            return;
        var path = context.Request.Path.Value ?? "/";
        await (!StorageApi.Owns(context.Request) && ConsolePage.Owns(context.Request) ? console.HandleAsync(context)
            : path.StartsWith("/localcloud/", StringComparison.Ordinal) ? admin.HandleAsync(context)
            : path.StartsWith("/batch/", StringComparison.Ordinal) ? BatchApi.HandleAsync(context, wire)
            : !path.StartsWith("/compute/", StringComparison.Ordinal) && StorageApi.Owns(context.Request) ? storage.HandleAsync(context)
            : wire.HandleAsync(context));
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "local-cloud" });
        Options.Logging?.Invoke(builder.Logging);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // Objects of any size are uploaded; handlers of other bodies have limits of their own.
            kestrel.Listen(IPAddress.Loopback, Options.Port);
        });
        return builder.Build();
    }

    private async Task ListenAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new LocalCloudStartException(await PortOwner.DescribeAsync(Options.Port, taken.Message, cancellationToken), taken);
        }
        Endpoint = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>The program decides what signals mean; a server inside a test has none.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
