using System.Net;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class FirewallTests
{
    private const string Prober = "35.191.0.1";
    private const string Internet = "203.0.113.7";

    [NamespacesFact]
    public async Task Packets_are_dropped_until_a_rule_allows_them_and_the_source_address_is_kept()
    {
        await using var lab = await MachineLab.OpenAsync();
        await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);

        Assert.Null(await lab.AskAsync(Prober, "10.138.0.2"));

        await lab.ApplyAsync(lab.Plan with { Firewall = [MachineLab.Rule("probes", allow: true, "35.191.0.0/16", 80, "vm2")] });
        Assert.Equal("machine2 35.191.0.1 10.138.0.2", await lab.AskAsync(Prober, "10.138.0.2"));
        Assert.Null(await lab.AskAsync(Internet, "10.138.0.2"));

        await lab.ApplyAsync(lab.Plan with { Firewall = [] });
        Assert.Null(await lab.AskAsync(Prober, "10.138.0.2"));
    }

    [NamespacesFact]
    public async Task The_first_rule_that_matches_decides_and_only_for_its_machines_and_ports()
    {
        await using var lab = await MachineLab.OpenAsync();
        await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
        await lab.BootAsync(3, MachineLab.EchoServer, waitUntilListening: true);

        await lab.ApplyAsync(lab.Plan with
        {
            Firewall =
            [
                MachineLab.Rule("deny one client", allow: false, "203.0.113.7/32", 80),
                MachineLab.Rule("allow the internet to one machine", allow: true, "0.0.0.0/0", 80, "vm2"),
                MachineLab.Rule("another port", allow: true, "0.0.0.0/0", 8080, "vm3"),
            ],
        });

        Assert.Null(await lab.AskAsync(Internet, "10.138.0.2"));
        Assert.StartsWith("machine2", await lab.AskAsync("203.0.113.8", "10.138.0.2"), StringComparison.Ordinal);
        Assert.Null(await lab.AskAsync("203.0.113.8", "10.138.0.3"));
    }

    [NamespacesFact]
    public async Task Machines_reach_each_other_only_through_the_firewall_in_both_directions()
    {
        await using var lab = await MachineLab.OpenAsync();
        await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
        var client = await lab.BootAsync(3);
        const string ask = "exec 2>/dev/null; timeout 0.7 bash -c 'exec 3<>/dev/tcp/10.138.0.2/80; echo >&3; read -r line <&3; echo $line' || echo nothing";
        Assert.Equal("nothing", await lab.RunAsync(client, ask));

        var ingress = MachineLab.Rule("http", allow: true, "10.138.0.0/20", 80, "vm2");
        await lab.ApplyAsync(lab.Plan with { Firewall = [ingress] });
        Assert.Equal("machine2 10.138.0.3 10.138.0.2", await lab.RunAsync(client, ask));

        var egress = new FirewallRule("no way out", Direction.Egress, Allow: false, ["vm3"], [IPNetwork.Parse("10.138.0.0/20")], []);
        await lab.ApplyAsync(lab.Plan with { Firewall = [egress, ingress] });
        Assert.Equal("nothing", await lab.RunAsync(client, ask));
    }

    [NamespacesFact]
    public async Task Answers_of_an_allowed_connection_pass_and_an_established_one_survives_a_change_of_rules()
    {
        await using var lab = await MachineLab.OpenAsync();
        await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
        await lab.ApplyAsync(lab.Plan with { Firewall = [MachineLab.Rule("http", allow: true, "0.0.0.0/0", 80)] });
        using var socket = await lab.Host.ConnectAsync(
            MachineLab.NetworkId, IPAddress.Parse(Internet), new IPEndPoint(IPAddress.Parse("10.138.0.2"), 80), null, lab.Deadline);

        await lab.ApplyAsync(lab.Plan with { Firewall = [] });

        await socket.SendAsync("?\n"u8.ToArray(), lab.Deadline);
        Assert.True(await socket.ReceiveAsync(new byte[100], lab.Deadline) > 0);
    }

    [NamespacesFact]
    public async Task A_machine_cannot_send_with_the_address_of_another()
    {
        await using var lab = await MachineLab.OpenAsync();
        await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
        var liar = await lab.BootAsync(3);
        await lab.ApplyAsync(lab.Plan with { Firewall = [MachineLab.Rule("http", allow: true, "0.0.0.0/0", 80)] });

        const string ask = "curl -sN --max-time 0.7 --http0.9 --interface {0} http://10.138.0.2/ | head -1";
        Assert.StartsWith("machine2 10.138.0.3", await lab.RunAsync(liar, ask.Replace("{0}", "10.138.0.3", StringComparison.Ordinal)), StringComparison.Ordinal);
        await lab.RunAsync(liar, "ip address add 10.138.0.9/32 dev eth0");
        Assert.Equal("", await lab.RunAsync(liar, ask.Replace("{0}", "10.138.0.9", StringComparison.Ordinal)));
    }

    [NamespacesFact]
    public async Task Google_APIs_answer_only_machines_with_access_and_metadata_answers_all()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2, "echo served");
        await lab.WaitForSerialAsync(machine, "startup-script: served");
        using var api = lab.Host.Listen(MachineLab.NetworkId, new IPEndPoint(IPAddress.Parse("199.36.153.8"), 443));
        const string ask = "exec 2>/dev/null; timeout 0.7 bash -c 'exec 3<>/dev/tcp/storage.googleapis.com/443' && echo reached || echo nothing";
        Assert.Equal("nothing", await lab.RunAsync(machine, ask));

        await lab.ApplyAsync(lab.Plan with { Ports = [lab.Plan.Ports[0] with { GoogleAccess = true }] });
        Assert.Equal("reached", await lab.RunAsync(machine, ask));
    }
}
