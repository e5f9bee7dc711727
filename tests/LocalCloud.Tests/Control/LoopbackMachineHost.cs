using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>A host whose only network is this process's loopback: connections are real, machines there are none.</summary>
internal sealed class LoopbackMachineHost(Func<IPEndPoint, IPEndPoint> route) : IMachineHost
{
    public HostCapabilities Capabilities { get; } = new(MachineKind.Namespaces, null);

    public Task ApplyNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveNetworkAsync(string networkId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IMachine> BootAsync(MachineSpec spec, CancellationToken cancellationToken) => throw new MachineHostException("There are no machines here.");

    public Task<IReadOnlyList<IMachine>> AdoptAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IMachine>>([]);

    public Socket Listen(string networkId, IPEndPoint endpoint, ProtocolType protocol = ProtocolType.Tcp) => throw new MachineHostException("There is no network here.");

    public async Task<Socket> ConnectAsync(string networkId, IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(route(destination), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task PurgeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
