using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class LoadBalancerTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.138.0.10");

    // Asks the load balancer 60 times, each time on a new connection.
    private const string AskOften = """
        for ((i = 0; i < 60; i++)); do
          exec 3<>/dev/tcp/10.138.0.10/80; echo >&3; read -r line <&3; exec 3>&-; echo "$line"
        done
        """;

    [NamespacesFact]
    public async Task New_connections_are_spread_over_the_backends_and_keep_the_clients_address()
    {
        await using var lab = await OpenAsync();
        var client = await lab.BootAsync(9);

        var answers = (await lab.RunAsync(client, AskOften)).Split('\n');

        Assert.Equal(60, answers.Length);
        Assert.All(answers, answer => Assert.EndsWith(" 10.138.0.9 10.138.0.10", answer, StringComparison.Ordinal));
        var shares = answers.CountBy(answer => answer.Split(' ')[0]).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(["machine2", "machine3", "machine4"], shares.Keys.Order(StringComparer.Ordinal));
        Assert.All(shares.Values, share => Assert.InRange(share, 6, 40));
    }

    [NamespacesFact]
    public async Task With_affinity_to_the_client_all_its_connections_go_to_one_backend()
    {
        await using var lab = await OpenAsync();
        var client = await lab.BootAsync(9);
        foreach (var affinity in new[] { Affinity.Client, Affinity.BothAddresses })
        {
            await lab.ApplyAsync(lab.Plan with { LoadBalancers = [lab.Plan.LoadBalancers[0] with { Affinity = affinity }] });
            Assert.Single((await lab.RunAsync(client, AskOften)).Split('\n').Distinct(StringComparer.Ordinal));
        }
    }

    [NamespacesFact]
    public async Task An_established_connection_stays_on_its_backend_for_as_long_as_that_keeps_its_connections_and_new_ones_follow_the_list()
    {
        await using var lab = await OpenAsync();
        var client = await lab.BootAsync(9);
        await lab.RunAsync(client, """
            mkfifo /run/lines
            (exec 3<>/dev/tcp/10.138.0.10/80
            while read -r _ <>/run/lines; do echo >&3; read -r line <&3 || line=broken; echo "$line" >>/run/answers; done) </dev/null >/dev/null 2>&1 &
            echo >/run/lines; until [[ -s /run/answers ]]; do sleep 0.01; done
            """);
        var holder = (await lab.RunAsync(client, "cat /run/answers")).Split(' ')[0];
        var others = new[] { "vm2", "vm3", "vm4" }.Where(id => !holder.EndsWith(id[2..], StringComparison.Ordinal)).ToList();

        await lab.ApplyAsync(lab.Plan with { LoadBalancers = [new LoadBalancer(Address, "TCP", [80], others) { Keepers = ["vm2", "vm3", "vm4"] }] });
        Assert.StartsWith(holder, await AskOnAsync(2), StringComparison.Ordinal);
        Assert.DoesNotContain(holder, await lab.RunAsync(client, AskOften), StringComparison.Ordinal);

        await lab.ApplyAsync(lab.Plan with { LoadBalancers = [new LoadBalancer(Address, "TCP", [80], others)] });
        Assert.Equal("broken", await AskOnAsync(3)); // It is to have no connections any more, and the client hears it.

        Task<string> AskOnAsync(int answers) => lab.RunAsync(client, $"echo >/run/lines; until (($(wc -l </run/answers) == {answers})); do sleep 0.01; done; tail -1 /run/answers");
    }

    [NamespacesFact]
    public async Task A_prober_reaches_exactly_the_machine_that_it_asks_for_at_the_load_balancers_address()
    {
        await using var lab = await OpenAsync();

        foreach (var number in new[] { 2, 3, 4, 2 })
            Assert.Equal($"machine{number} 35.191.0.1 10.138.0.10", await lab.AskAsync("35.191.0.1", "10.138.0.10", $"vm{number}"));
    }

    [NamespacesFact]
    public async Task A_backend_that_asks_its_own_load_balancer_reaches_itself()
    {
        await using var lab = await OpenAsync();
        var backend = lab.Machines["vm3"];

        var answers = (await lab.RunAsync(backend, AskOften)).Split('\n');

        Assert.All(answers, answer => Assert.StartsWith("machine3 ", answer, StringComparison.Ordinal));
    }

    [NamespacesFact]
    public async Task Without_backends_and_on_other_ports_nothing_answers()
    {
        await using var lab = await OpenAsync();
        await lab.ApplyAsync(lab.Plan with { LoadBalancers = [new LoadBalancer(Address, "TCP", [8080], ["vm2"])] });
        Assert.Null(await lab.AskAsync("203.0.113.7", "10.138.0.10"));

        await lab.ApplyAsync(lab.Plan with { LoadBalancers = [new LoadBalancer(Address, "TCP", [80], [])] });
        Assert.Null(await lab.AskAsync("203.0.113.7", "10.138.0.10"));

        await lab.ApplyAsync(lab.Plan with { LoadBalancers = [new LoadBalancer(Address, "TCP", [], ["vm2"])] });
        Assert.StartsWith("machine2 ", await lab.AskAsync("203.0.113.7", "10.138.0.10"), StringComparison.Ordinal);
    }

    [NamespacesFact]
    public async Task Connections_of_a_backend_that_is_gone_die_and_new_ones_go_elsewhere()
    {
        await using var lab = await OpenAsync();
        await lab.ApplyAsync(lab.Plan with { LoadBalancers = [new LoadBalancer(Address, "TCP", [80], ["vm2"])] });
        using var socket = await lab.Host.ConnectAsync(
            MachineLab.NetworkId, IPAddress.Parse("203.0.113.7"), new IPEndPoint(Address, 80), null, lab.Deadline);
        await lab.Machines["vm2"].DestroyAsync(lab.Deadline);
        await lab.ApplyAsync(lab.Plan with
        {
            Ports = [.. lab.Plan.Ports.Where(port => port.MachineId != "vm2")],
            LoadBalancers = [new LoadBalancer(Address, "TCP", [80], ["vm3"])],
        });

        await socket.SendAsync("?\n"u8.ToArray(), lab.Deadline);
        var refusal = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[100], lab.Deadline));
        Assert.Equal(SocketError.ConnectionReset, refusal.SocketErrorCode);
        Assert.StartsWith("machine3 ", await lab.AskAsync("203.0.113.7", "10.138.0.10"), StringComparison.Ordinal);
    }

    private static async Task<MachineLab> OpenAsync()
    {
        var lab = await MachineLab.OpenAsync();
        foreach (var number in new[] { 2, 3, 4 })
            await lab.BootAsync(number, MachineLab.EchoServer, waitUntilListening: true);
        await lab.ApplyAsync(lab.Plan with
        {
            Ports = [.. lab.Plan.Ports.Select(port => port with { ForwardedAddresses = [Address] })],
            Firewall = [MachineLab.Rule("http", allow: true, "0.0.0.0/0", 80, "vm2", "vm3", "vm4")],
            LoadBalancers = [new LoadBalancer(Address, "TCP", [80], ["vm2", "vm3", "vm4"])],
        });
        return lab;
    }
}
