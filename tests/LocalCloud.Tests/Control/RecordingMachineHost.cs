using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>Another host, that remembers what was booted, and whose boots and networks can be made to fail.</summary>
internal sealed class RecordingMachineHost(IMachineHost inner) : IMachineHost
{
    private readonly ConcurrentDictionary<string, IMachine> _machines = new(StringComparer.Ordinal);

    /// <summary>Names of what was booted, in order.</summary>
    public ConcurrentQueue<string> Boots { get; } = new();

    /// <summary>Why the next boots fail; null when they do not.</summary>
    public string? BootFailure { get; set; }

    /// <summary>Why networks cannot be applied; null when they can.</summary>
    public string? NetworkFailure { get; set; }

    /// <summary>Names of what was to be destroyed, in order.</summary>
    public ConcurrentQueue<string> Destroying { get; } = new();

    /// <summary>What destroying waits for; null when it does not.</summary>
    public TaskCompletionSource? Destruction { get; set; }

    /// <summary>Called with the host name whenever someone looks whether a machine runs.</summary>
    public Action<string>? LookedAt { get; set; }

    public HostCapabilities Capabilities => inner.Capabilities;

    /// <summary>The machine that was booted last under this host name.</summary>
    public IMachine this[string hostName] => _machines[hostName];

    public Task ApplyNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken) =>
        NetworkFailure is { } failure ? throw new MachineHostException(failure) : inner.ApplyNetworkAsync(plan, cancellationToken);

    public Task RemoveNetworkAsync(string networkId, CancellationToken cancellationToken) => inner.RemoveNetworkAsync(networkId, cancellationToken);

    public async Task<IMachine> BootAsync(MachineSpec spec, CancellationToken cancellationToken)
    {
        Boots.Enqueue(spec.HostName);
        if (BootFailure is { } failure)
            throw new MachineHostException(failure);
        return _machines[spec.HostName] = new WatchedMachine(await inner.BootAsync(spec, cancellationToken), spec.HostName, this);
    }

    public Task<IReadOnlyList<IMachine>> AdoptAsync(CancellationToken cancellationToken) => inner.AdoptAsync(cancellationToken);

    public Socket Listen(string networkId, IPEndPoint endpoint, ProtocolType protocol = ProtocolType.Tcp) => inner.Listen(networkId, endpoint, protocol);

    public Task<Socket> ConnectAsync(string networkId, IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken) =>
        inner.ConnectAsync(networkId, source, destination, machineId, cancellationToken);

    public Task PurgeAsync(CancellationToken cancellationToken) => inner.PurgeAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
