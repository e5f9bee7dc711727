using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>Answers whatever it is sent, on every connection, with the same text, and hangs up.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public TinyServer(string answer)
    {
        _answer = Encoding.ASCII.GetBytes(answer);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        Endpoint = (IPEndPoint)_socket.LocalEndPoint!;
        _serving = ServeAsync();
    }

    public IPEndPoint Endpoint { get; }

    public string LastRequest { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[4096];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _socket.AcceptAsync(_stop.Token);
                LastRequest = Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, _stop.Token));
                await client.SendAsync(_answer, _stop.Token);
                client.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // A client that went away; or the end.
            }
        }
    }
}
