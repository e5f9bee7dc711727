using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.External;

/// <summary>Accepts connections on one external endpoint and carries each of them into the network.</summary>
internal sealed class ExternalListener : IAsyncDisposable
{
    /// <summary>A connection that the firewall drops is given up after this long; the client is then reset.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AskingTime = TimeSpan.FromSeconds(1);

    private readonly ExternalEndpoint _endpoint;
    private readonly IMachineHost _host;
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;

    private ExternalListener(ExternalEndpoint endpoint, IMachineHost host, TimeProvider time, Socket socket)
    {
        (_endpoint, _host, _time, _socket) = (endpoint, host, time, socket);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static ExternalListener Start(ExternalEndpoint endpoint, IMachineHost host, TimeProvider time)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint.Address);
            socket.Listen();
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        return new(endpoint, host, time, socket);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _socket.AcceptAsync(_stop.Token);
                var connection = CarryAsync(client);
                _connections[connection] = true;
                _ = connection.ContinueWith(c => _connections.TryRemove(c, out _), TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // A client that went away before it was accepted, or no file descriptors for the moment.
                await Task.Delay(TimeSpan.FromMilliseconds(10), _time, CancellationToken.None);
            }
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var _ = client;
        try
        {
            using var machine = await ConnectAsync();
            await Splice.RunAsync(client, machine, _stop.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or MachineHostException)
        {
            await WhenAskedAsync(client);
            client.LingerState = new LingerOption(enable: true, seconds: 0); // Reset: the client must not take it for an answer that ended.
        }
    }

    // A connection that breaks before the client has sent anything is one that some clients, .NET's HttpClient among them, have no proper error for.
    private async Task WhenAskedAsync(Socket client)
    {
        using var patience = new CancellationTokenSource(AskingTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        try
        {
            await client.ReceiveAsync(Memory<byte>.Empty, either.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Nothing came: it is broken anyway.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        return await _host.ConnectAsync(
            _endpoint.NetworkId, ExternalAccess.Client, new IPEndPoint(_endpoint.Internal, _endpoint.Address.Port), machineId: null, either.Token);
    }
}
