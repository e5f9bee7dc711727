using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.Primes.Tests.Backend;

/// <summary>Clients that take their time, want too much, or go.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private Server server = null!;

    public async Task InitializeAsync() => server = await Server.BackendAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Clients_that_are_silent_or_stop_half_way_keep_nobody_waiting()
    {
        var clients = new List<TcpClient>();
        for (var i = 0; i < 300; i++)
        {
            var client = await ConnectAsync();
            clients.Add(client);
            if (i % 2 == 0)
                await client.GetStream().WriteAsync("GET /7 HTTP/1.1\r\nHo"u8.ToArray());
        }

        Assert.Equal("True", await server.Client.GetStringAsync("/7"));

        // And those who began are told within the time for headers that it is over.
        using var reader = new StreamReader(clients[0].GetStream(), Encoding.Latin1);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, await clients[1].GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Clients_that_keep_their_connections_without_need_leave_some_to_others()
    {
        await using var small = await Server.BackendAsync(connections: 10);
        var clients = new List<HttpClient>();
        for (var i = 0; i < 30; i++)
        {
            var client = new HttpClient { BaseAddress = small.Address };
            clients.Add(client);
            using var answer = await client.GetAsync("/7");
            Assert.Equal("True", await answer.Content.ReadAsStringAsync());
            Assert.Equal(i >= 8, answer.Headers.ConnectionClose ?? false);
        }

        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("/7")]
    [InlineData("/1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000289")]
    public async Task A_client_that_has_said_all_it_will_say_still_gets_its_answer(string path)
    {
        // Request and end arrive together or one after the other, as chance has it.
        for (var i = 0; i < 100; i++)
        {
            using var client = await ConnectAsync();
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
            client.Client.Shutdown(SocketShutdown.Send);
            Assert.EndsWith("\r\n\r\nTrue", await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Clients_that_break_off_do_no_harm()
    {
        for (var i = 0; i < 100; i++)
        {
            using var client = await ConnectAsync();
            await client.GetStream().WriteAsync("GET /7 HTTP/1.1\r\nHost: x\r\n\r\nGET /1"u8.ToArray());
            // Closed with a reset, the answer unread.
            client.LingerState = new LingerOption(true, 0);
        }

        Assert.Equal("True", await server.Client.GetStringAsync("/7"));
    }

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(100, 10)]
    public async Task Headers_without_end_are_refused(int count, int length)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('y', length)}\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await server.SendRawAsync($"GET /7 HTTP/1.1\r\nHost: x\r\n{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_nobody_wants_is_not_waited_for()
    {
        var answer = await server.SendRawAsync("POST /7 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nbegun");
        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_that_send_without_waiting_for_answers_take_turns_with_others()
    {
        // They go on until the other one is answered; a server that first comes to their end is found out by that one's patience.
        const int mostHundreds = 100_000;
        var isAnswered = false;
        using var begun = new CountdownEvent(16);
        var sockets = Enumerable.Range(0, begun.InitialCount).Select(_ => Connect()).ToArray();
        var threads = sockets.SelectMany(socket => (Thread[])[new(() => Try(() => Send(socket))), new(() => Try(() => Receive(socket)))]).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Assert.True(begun.Wait(TimeSpan.FromMinutes(2)));

        using (var other = Connect())
        {
            other.Send("GET /7 HTTP/1.1\r\nHost: x\r\n\r\n"u8);
            Assert.True(other.Receive(new byte[1_024]) > 0);
        }

        Assert.True(threads.All(thread => thread.IsAlive));
        Volatile.Write(ref isAnswered, true);
        Array.ForEach(sockets, socket => socket.Dispose());
        Array.ForEach(threads, thread => thread.Join());

        Socket Connect()
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
            socket.Connect(IPAddress.Loopback, server.Address.Port);
            return socket;
        }

        void Send(Socket socket)
        {
            var hundred = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("GET /7 HTTP/1.1\r\nHost: x\r\n\r\n", 100)));
            for (var i = 0; i < mostHundreds && !Volatile.Read(ref isAnswered); i++)
                socket.Send(hundred);
            socket.Shutdown(SocketShutdown.Send);
        }

        void Receive(Socket socket)
        {
            var buffer = new byte[65_536];
            socket.Receive(buffer);
            begun.Signal();
            while (socket.Receive(buffer) > 0)
            {
            }
        }

        static void Try(Action act)
        {
            try
            {
                act();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        return client;
    }
}
