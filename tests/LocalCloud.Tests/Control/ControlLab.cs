using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Metadata;
using PrimeDeploy.LocalCloud.Networks;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>The control loops with everything that belongs to them, without the API in front: tests write documents and watch what comes of them.</summary>
internal sealed class ControlLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory;
    private readonly StorageApi _storage;
    private readonly GuestServices _guests;
    private readonly InstanceFactory _factory;
    private readonly CancellationTokenSource _deadline = new(Patience);

    private ControlLab(string directory, IMachineHost host, DocumentStore store, TimeProvider time)
    {
        _directory = directory;
        Host = new(host);
        Store = store;
        _storage = new(Path.Combine(directory, "storage"), time);
        _guests = new(Host, Store, _storage, Path.Combine(directory, "guests"), time);
        var services = new ComputeServices(Store, new ExternalAddresses(directory), time);
        _factory = new(services);
        Services = services;
        Control = new(Store, Host, _guests, _factory, time, NullLoggerFactory.Instance);
    }

    public DocumentStore Store { get; }

    public RecordingMachineHost Host { get; }

    public ComputeServices Services { get; }

    public ComputeControl Control { get; }

    /// <summary>Ends every wait of a test that hangs.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public static Task<ControlLab> SimulatedAsync(DocumentStore? store = null, TimeProvider? time = null) => StartAsync(MachineMode.None, store, time);

    public static Task<ControlLab> RealAsync() => StartAsync(MachineMode.Namespaces, null, null);

    /// <summary>Inserts an instance as the API does and waits until it runs.</summary>
    public async Task<ResourceName> BootAsync(string name, string? script = null, string tag = "client", bool external = false, Action<JsonObject>? change = null)
    {
        var instance = Documents.Instance(name);
        var body = Documents.MachineProperties(script, tag);
        body["name"] = name;
        if (external)
            body["networkInterfaces"]![0]!["accessConfigs"] = new JsonArray(new JsonObject { ["type"] = "ONE_TO_ONE_NAT" });
        change?.Invoke(body);
        Store.Transact(() => Services.Create(new PrimeDeploy.LocalCloud.Api.Kinds.Instances(), instance, body));
        await Control.WhenRunningAsync(instance, Deadline);
        return instance;
    }

    /// <summary>Deletes an instance as the API does and waits until it is gone.</summary>
    public Task DeleteAsync(ResourceName instance)
    {
        Store.Update(instance, Deletion.Begin);
        return Control.DeleteAsync(instance, Deadline);
    }

    public JsonObject Get(ResourceName name) => Store.Find(name) ?? throw new InvalidOperationException($"{name} is not there.");

    /// <summary>The members of the group that run, by name.</summary>
    public string[] RunningMembers() =>
        [.. Store.List("instances").Where(i => Local.GetString(i.Json, Local.Group) == Documents.Group.Path && i.Json.Text("status") == "RUNNING").Select(i => i.Name.Id)];

    public Task WhenStableAsync() => UntilAsync(() => Store.Find(Documents.Group)?.Object("status")?.Flag("isStable") == true);

    /// <summary>Waits until the documents make the condition true.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            var version = Store.Version;
            if (condition())
                return;
            await Store.WhenChangedAsync(version, Deadline);
        }
    }

    /// <summary>Waits for something that is in no document: asked again every few milliseconds.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(20, Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync();
        await _guests.DisposeAsync();
        await _storage.DisposeAsync();
        await Host.PurgeAsync(CancellationToken.None);
        await Host.DisposeAsync();
        _deadline.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<ControlLab> StartAsync(MachineMode mode, DocumentStore? store, TimeProvider? time)
    {
        var directory = Directory.CreateTempSubdirectory("control-").FullName;
        time ??= TimeProvider.System;
        var host = await MachineHost.OpenAsync(directory, mode, MachineInit.Light, time, CancellationToken.None);
        var lab = new ControlLab(directory, host, store ?? new DocumentStore().WithNetwork(), time);
        await lab.Control.StartAsync(lab.Deadline);
        return lab;
    }
}
