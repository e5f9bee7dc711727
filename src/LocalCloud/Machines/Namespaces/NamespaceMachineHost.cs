using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Machines in Linux namespaces.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NamespaceMachineHost : IMachineHost
{
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(10);

    private readonly StateLayout _layout;
    private readonly HostRegister _register;
    private readonly GuestLayer _guest;
    private readonly TimeProvider _time;
    private readonly ControlGroups _controlGroups;
    private readonly ConcurrentDictionary<string, VirtualNetwork> _networks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NamespaceMachine> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _booting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _networkChanges = new(1);
    private readonly ITimer _trimming;

    private NamespaceMachineHost(StateLayout layout, HostRegister register, GuestLayer guest, string? unlimitedDisk, TimeProvider time)
    {
        _layout = layout;
        _register = register;
        _guest = guest;
        _time = time;
        _controlGroups = new ControlGroups(layout.NamePrefix);
        Capabilities = new(MachineKind.Namespaces, null) { Unlimited = [.. new[] { unlimitedDisk }.Concat(_controlGroups.Missing).OfType<string>()] };
        _trimming = time.CreateTimer(_ => TrimSerialLogs(), null, TrimInterval, TrimInterval);
    }

    public HostCapabilities Capabilities { get; }

    /// <exception cref="IOException">Another process has the state directory open, or its machines' disk is broken.</exception>
    public static async Task<IMachineHost> OpenAsync(StateLayout layout, MachineInit init, TimeProvider time, CancellationToken cancellationToken)
    {
        var register = await HostRegister.EnterAsync(layout, cancellationToken);
        try
        {
            layout.Create();
            var unlimitedDisk = await MachinesDisk.MountAsync(layout, cancellationToken);
            layout.Create();
            var guest = await Task.Run(() => GuestLayer.Create(layout, init), cancellationToken);
            return new NamespaceMachineHost(layout, register, guest, unlimitedDisk, time);
        }
        catch
        {
            register.Dispose();
            throw;
        }
    }

    public async Task ApplyNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        var network = await OpenNetworkAsync(plan.Id, cancellationToken);
        await network.ApplyAsync(plan, cancellationToken);
    }

    public async Task RemoveNetworkAsync(string networkId, CancellationToken cancellationToken)
    {
        var occupants = _running.Values.Where(machine => machine.Record.NetworkId == networkId).Select(machine => machine.Record.HostName).ToList();
        if (occupants.Count > 0)
            throw new MachineHostException($"Network {networkId} cannot be removed: {string.Join(", ", occupants)} run on it.");

        await _networkChanges.WaitAsync(cancellationToken);
        try
        {
            if (_networks.TryRemove(networkId, out var network))
                await network.RemoveAsync(cancellationToken);
            else
                await VirtualNetwork.RemoveAsync(_layout, networkId, cancellationToken);
        }
        finally
        {
            _networkChanges.Release();
        }
    }

    public async Task<IMachine> BootAsync(MachineSpec spec, CancellationToken cancellationToken)
    {
        var network = Network(spec.NetworkId);
        if (_running.ContainsKey(spec.Id) || !_booting.TryAdd(spec.Id, true))
            throw new MachineHostException($"Machine {spec.Id} ({spec.HostName}) runs already.");

        try
        {
            var directory = _layout.Machine(spec.Id);
            var groups = await Task.Run(
                () =>
                {
                    new MachineFileSystem(directory, _guest).Prepare(spec);
                    return _controlGroups.Create(spec, _guest.Init);
                },
                cancellationToken);
            return await StartAsync(spec, directory, network, groups, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MachineHostException($"{spec.HostName} did not boot: {failure.Message}", failure);
        }
        finally
        {
            _booting.TryRemove(spec.Id, out _);
        }
    }

    public async Task<IReadOnlyList<IMachine>> AdoptAsync(CancellationToken cancellationToken)
    {
        var adopted = new List<IMachine>();
        foreach (var directory in _layout.Machines().Where(directory => !_running.ContainsKey(directory.MachineId)))
        {
            if (directory.ReadRecord() is not { } record)
            {
                directory.Delete();
                continue;
            }

            if (NamespaceMachine.FindInit(record) is { } init)
            {
                var network = await OpenNetworkAsync(record.NetworkId, cancellationToken);
                adopted.Add(await RegisterAsync(directory, record, init, network, isNew: false, cancellationToken));
            }
            else
            {
                ControlGroups.Remove(record.ControlGroups);
                if (NamedNamespaces.Exists(_layout.RouterName(record.NetworkId)))
                    await (await OpenNetworkAsync(record.NetworkId, cancellationToken)).DetachAsync(directory.MachineId, cancellationToken);
                adopted.Add(new StoppedMachine(directory, record, token => RemoveAsync(directory, record, token)));
            }
        }

        return adopted;
    }

    public Socket Listen(string networkId, IPEndPoint endpoint, ProtocolType protocol = ProtocolType.Tcp) => Network(networkId).Listen(endpoint, protocol);

    public Task<Socket> ConnectAsync(
        string networkId, IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken) =>
        Network(networkId).ConnectAsync(source, destination, machineId, cancellationToken);

    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        await AdoptAsync(cancellationToken);
        await Task.WhenAll(_running.Values.Select(machine => machine.DestroyAsync(cancellationToken)));
        foreach (var network in _networks.Keys)
            await RemoveNetworkAsync(network, cancellationToken);
        foreach (var name in NamedNamespaces.WithPrefix(_layout.NamePrefix))
            await NamedNamespaces.RemoveAsync(name, cancellationToken);
        _controlGroups.RemoveAll();
        await MachinesDisk.RemoveAsync(_layout, cancellationToken);
        if (Directory.Exists(_layout.Root))
            Directory.Delete(_layout.Root, recursive: true);
        _register.Erase();
    }

    public ValueTask DisposeAsync()
    {
        _trimming.Dispose();
        foreach (var network in _networks.Values)
            network.Dispose();
        _networkChanges.Dispose();
        _register.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<NamespaceMachine> StartAsync(
        MachineSpec spec, MachineDirectory directory, VirtualNetwork network, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        try
        {
            var record = await MachineBoot.StartAsync(spec, directory, _guest, network, groups, _register, cancellationToken);
            var init = NamespaceMachine.FindInit(record)
                ?? throw new MachineHostException($"{spec.HostName} went down as soon as it was up. The end of its serial port: {SerialLog.Read(directory.SerialLog, -2000).Contents}");
            return await RegisterAsync(directory, record, init, network, isNew: true, cancellationToken);
        }
        catch
        {
            await network.DetachAsync(spec.Id, CancellationToken.None);
            ControlGroups.Remove(groups);
            throw;
        }
    }

    // Its end is watched last: whatever follows an end finds the machine registered.
    private async Task<NamespaceMachine> RegisterAsync(
        MachineDirectory directory, MachineRecord record, SafeFileHandle init, VirtualNetwork network, bool isNew, CancellationToken cancellationToken)
    {
        var machine = new NamespaceMachine(directory, record, _guest, init, _time, UnplugAsync, AfterExitAsync, RemoveAsync);
        _running[machine.Id] = machine;
        await network.FollowAsync(machine.Id, record.InitProcess, isNew, cancellationToken);
        machine.Watch();
        return machine;
    }

    private async Task UnplugAsync(NamespaceMachine machine)
    {
        if (_networks.TryGetValue(machine.Record.NetworkId, out var network))
            await network.DetachAsync(machine.Id, CancellationToken.None);
    }

    private async Task AfterExitAsync(NamespaceMachine machine)
    {
        _running.TryRemove(machine.Id, out _);
        await UnplugAsync(machine);
        ControlGroups.Remove(machine.Record.ControlGroups);
    }

    private Task RemoveAsync(NamespaceMachine machine, CancellationToken cancellationToken) => RemoveAsync(machine.Directory, machine.Record, cancellationToken);

    private async Task RemoveAsync(MachineDirectory directory, MachineRecord record, CancellationToken cancellationToken)
    {
        await Task.Run(directory.Delete, cancellationToken);
        if (_networks.TryGetValue(record.NetworkId, out var network))
            await network.ForgetAsync(directory.MachineId, cancellationToken);
    }

    private async Task<VirtualNetwork> OpenNetworkAsync(string id, CancellationToken cancellationToken)
    {
        if (_networks.TryGetValue(id, out var known))
            return known;

        await _networkChanges.WaitAsync(cancellationToken);
        try
        {
            if (!_networks.TryGetValue(id, out var network))
                _networks[id] = network = await VirtualNetwork.OpenAsync(_layout, id, cancellationToken);
            return network;
        }
        finally
        {
            _networkChanges.Release();
        }
    }

    private VirtualNetwork Network(string id) =>
        _networks.TryGetValue(id, out var network) ? network : throw new MachineHostException($"There is no network {id}; apply it first.");

    private void TrimSerialLogs()
    {
        foreach (var machine in _running.Values)
            SerialLog.Trim(machine.Directory.SerialLog);
    }
}
