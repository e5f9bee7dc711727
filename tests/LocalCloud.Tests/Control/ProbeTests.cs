using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class ProbeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", null, true)]
    [InlineData("HTTP/1.0 200\r\n\r\n", null, true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", null, false)]
    [InlineData("HTTP/1.1 301 Moved\r\n\r\n", null, false)]
    [InlineData("HTTP/1.1 2000 Odd\r\n\r\n", null, false)]
    [InlineData("SSH-2.0-OpenSSH 200 \r\n", null, false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nTrue", "True", true)]
    [InlineData("HTTP/1.1 200 OK\r\nX: True\r\n\r\nFalse", "True", false)]
    [InlineData("", null, false)]
    public void An_http_answer_passes_only_with_status_200_and_the_wanted_text(string answer, string? wanted, bool expected) =>
        Assert.Equal(expected, HttpProbe.Judge(Encoding.ASCII.GetBytes(answer), wanted, ended: true));

    [Theory]
    [InlineData("HTTP/1.1 20", null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n", "True")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nTr", "True")]
    public void An_http_answer_that_is_not_complete_is_awaited(string answer, string? wanted) =>
        Assert.Null(HttpProbe.Judge(Encoding.ASCII.GetBytes(answer), wanted, ended: false));

    [Fact]
    public void The_wanted_text_counts_only_in_the_first_1024_bytes()
    {
        var answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n" + new string('x', 1022) + "True");

        Assert.False(HttpProbe.Judge(answer, "True", ended: false));
    }

    [Fact]
    public void A_health_check_has_the_documented_defaults()
    {
        var spec = ProbeSpec.Of(new(Documents.HealthCheck, Documents.Parse("""{"type":"HTTP","httpHealthCheck":{}}""")));

        Assert.Equal((80, "/", 5.0, 5.0, 2, 2), (spec.Port, spec.Path, spec.Interval.TotalSeconds, spec.Timeout.TotalSeconds, spec.HealthyThreshold, spec.UnhealthyThreshold));
        Assert.Null(spec.Host);
    }

    [Fact]
    public async Task A_prober_asks_at_once_and_five_times_per_interval_and_sees_the_machine_come_and_go()
    {
        var time = new FakeTimeProvider();
        await using var server = new TinyServer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nTrue");
        using var results = new Results();
        using var stop = new CancellationTokenSource();
        var running = new Prober(Target("""{"type":"HTTP","httpHealthCheck":{"port":80,"requestPath":"/2"}}"""), new LoopbackMachineHost(_ => server.Endpoint), time)
            .RunAsync(HealthState.Initial, results.Add, stop.Token);

        Assert.False((await results.NextAsync()).Healthy);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await results.NextAsync()).Healthy);
        Assert.StartsWith("GET /2 HTTP/1.1\r\nHost: 10.138.0.10\r\n", server.LastRequest, StringComparison.Ordinal);

        await server.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await results.NextAsync()).Healthy);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("UNHEALTHY", (await results.NextAsync()).Verdict);

        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_a_timeout()
    {
        var time = new FakeTimeProvider();
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        using var results = new Results();
        using var stop = new CancellationTokenSource();
        var running = new Prober(
                Target("""{"type":"HTTP","unhealthyThreshold":1,"timeoutSec":1,"httpHealthCheck":{}}"""), new LoopbackMachineHost(_ => (IPEndPoint)silent.LocalEndPoint!), time)
            .RunAsync(HealthState.Initial, results.Add, stop.Token);

        using var asked = await silent.AcceptAsync().WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("TIMEOUT", (await results.NextAsync()).Verdict);

        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("""{"type":"TCP","tcpHealthCheck":{"port":22}}""", true)]
    [InlineData("""{"type":"TCP","tcpHealthCheck":{"port":22,"request":"hello","response":"HTTP/1.1"}}""", true)]
    [InlineData("""{"type":"TCP","tcpHealthCheck":{"port":22,"request":"hello","response":"SSH"}}""", false)]
    public async Task A_tcp_check_passes_when_connected_and_the_answer_begins_as_wanted(string check, bool expected)
    {
        await using var server = new TinyServer("HTTP/1.1 200 OK\r\n\r\n");
        using var socket = await new LoopbackMachineHost(_ => server.Endpoint).ConnectAsync("n", IPAddress.Any, server.Endpoint, null, CancellationToken.None);

        Assert.Equal(expected, await TcpProbe.PassesAsync(socket, ProbeSpec.Of(new(Documents.HealthCheck, Documents.Parse(check))), CancellationToken.None).WaitAsync(Patience));
    }

    [Fact]
    public void Targets_are_the_running_members_behind_a_forwarding_rule_at_its_address()
    {
        var store = new DocumentStore().WithNetwork().WithGroup(3)
            .WithInstance("a", "10.138.0.2", group: Documents.Group)
            .WithInstance("b", "10.138.0.3", status: "STAGING", group: Documents.Group)
            .WithInstance("c", "10.138.0.4");
        Assert.Empty(HealthTarget.AllOf(ComputeSnapshot.Of(store)));

        store.WithLoadBalancer();
        var target = Assert.Single(HealthTarget.AllOf(ComputeSnapshot.Of(store)));
        Assert.Equal((Documents.ForwardingRule, "ma", "10.138.0.10", "/2"), (target.Asker, target.MachineId, target.Destination.ToString(), target.Probe.Path));
        Assert.Equal(target, Assert.Single(HealthTarget.AllOf(ComputeSnapshot.Of(store))));
    }

    [Fact]
    public void A_healing_group_asks_its_members_at_their_own_addresses()
    {
        var store = new DocumentStore().WithNetwork().WithGroup(1, $$""","autoHealingPolicies":[{"healthCheck":"{{Documents.HealthCheck.Link}}","initialDelaySec":300}]""")
            .WithInstance("a", "10.138.0.2", group: Documents.Group);
        store.TryInsert(Documents.HealthCheck, Documents.Parse("""{"type":"TCP","tcpHealthCheck":{"port":22}}"""));

        var target = Assert.Single(HealthTarget.AllOf(ComputeSnapshot.Of(store)));

        Assert.Equal((Documents.Group, "ma", "10.138.0.2", 22), (target.Asker, target.MachineId, target.Destination.ToString(), target.Probe.Port));
    }

    private static HealthTarget Target(string check) =>
        new(Documents.ForwardingRule, "ma", "n", IPAddress.Parse("10.138.0.10"), ProbeSpec.Of(new(Documents.HealthCheck, Documents.Parse(check))));

    /// <summary>The states after each probe, one by one.</summary>
    private sealed class Results : IDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<HealthState> _states = new();
        private readonly SemaphoreSlim _available = new(0);

        public void Add(HealthState state)
        {
            _states.Enqueue(state);
            _available.Release();
        }

        public async Task<HealthState> NextAsync()
        {
            Assert.True(await _available.WaitAsync(Patience), "No probe came to a result.");
            return _states.TryDequeue(out var state) ? state : throw new InvalidOperationException();
        }

        public void Dispose() => _available.Dispose();
    }
}
