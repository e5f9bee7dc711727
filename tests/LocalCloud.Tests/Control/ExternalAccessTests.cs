using System.Net;
using System.Net.Sockets;
using System.Text;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.External;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class ExternalAccessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DocumentStore _store = new DocumentStore().WithNetwork();

    private string[] Endpoints() => [.. ExternalEndpoint.AllOf(ComputeSnapshot.Of(_store), ExternalAccess.Client).Select(e => e.Address.ToString()).Order()];

    [Fact]
    public void Ports_open_to_the_internet_are_listened_on_for_every_machine_with_an_external_address()
    {
        _store.WithInstance("frontend", "10.138.0.2", tags: ["frontend"], natIP: "127.9.0.1")
            .WithInstance("other", "10.138.0.3", natIP: "127.9.0.2")
            .WithInstance("inside", "10.138.0.4")
            .WithFirewall("http2", """ "targetTags":["frontend"],"sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"tcp","ports":["80","8080-8081"]}] """);

        Assert.Equal(["127.9.0.1:80", "127.9.0.1:8080", "127.9.0.1:8081", "127.9.0.2:80", "127.9.0.2:8080", "127.9.0.2:8081"], Endpoints());
    }

    [Theory]
    [InlineData(""" "sourceRanges":["10.138.0.0/20"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """)]
    [InlineData(""" "sourceTags":["frontend"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """)]
    [InlineData(""" "disabled":true,"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """)]
    [InlineData(""" "denied":[{"IPProtocol":"tcp","ports":["80"]}] """)]
    [InlineData(""" "allowed":[{"IPProtocol":"udp","ports":["80"]}] """)]
    [InlineData(""" "allowed":[{"IPProtocol":"tcp","ports":["0-65535"]}] """)]
    [InlineData(""" "allowed":[{"IPProtocol":"tcp"}] """)]
    public void A_rule_that_opens_no_single_port_to_the_internet_makes_nobody_listen(string members)
    {
        _store.WithInstance("frontend", "10.138.0.2", natIP: "127.9.0.1").WithFirewall("rule", members);

        Assert.Empty(Endpoints());
    }

    [Fact]
    public void A_terminated_machine_is_not_listened_for()
    {
        _store.WithInstance("frontend", "10.138.0.2", "TERMINATED", natIP: "127.9.0.1").WithFirewall("rule", """ "allowed":[{"IPProtocol":"tcp","ports":["80"]}] """);

        Assert.Empty(Endpoints());
    }

    [Fact]
    public async Task A_connection_is_carried_both_ways_and_each_way_ends_by_itself()
    {
        using var machine = Listening(IPAddress.Loopback);
        await using var listener = Listen((IPEndPoint)machine.LocalEndPoint!, out var address);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address);
        using var accepted = await machine.AcceptAsync().WaitAsync(Patience);

        await client.SendAsync("question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", await ReadToEndAsync(accepted));

        await accepted.SendAsync("answer"u8.ToArray());
        accepted.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer", await ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_large_answer_comes_through_whole()
    {
        var sent = new byte[5_000_000];
        new Random(1).NextBytes(sent);
        using var machine = Listening(IPAddress.Loopback);
        await using var listener = Listen((IPEndPoint)machine.LocalEndPoint!, out var address);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address);
        using var accepted = await machine.AcceptAsync().WaitAsync(Patience);

        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
                at += await accepted.SendAsync(sent.AsMemory(at));
            accepted.Shutdown(SocketShutdown.Send);
        });
        var received = new MemoryStream();
        await new NetworkStream(client).CopyToAsync(received).WaitAsync(Patience);
        await sending;

        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task A_machine_that_refuses_makes_the_client_see_a_broken_connection()
    {
        var nobody = FreeEndpoint(IPAddress.Loopback);
        await using var listener = Listen(nobody, out var address);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address);

        var broken = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(client));

        Assert.Equal(SocketError.ConnectionReset, broken.SocketErrorCode);
    }

    private static ExternalListener Listen(IPEndPoint machine, out IPEndPoint address)
    {
        address = FreeEndpoint(IPAddress.Parse("127.9.0.1"));
        return ExternalListener.Start(
            new(Documents.Instance("frontend"), address, "n", IPAddress.Parse("10.138.0.2")), new LoopbackMachineHost(_ => machine), TimeProvider.System);
    }

    private static Socket Listening(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return socket;
    }

    private static IPEndPoint FreeEndpoint(IPAddress address)
    {
        using var socket = Listening(address);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer).WaitAsync(Patience) is > 0 and var read)
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        return text.ToString();
    }
}
