using System.Net;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>The control loops over real machines: real packets decide.</summary>
public sealed class RealMachinesTests
{
    private const string FromSubnet = """ "sourceRanges":["10.138.0.0/20"],"targetTags":["backend"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """;
    private const string FromProbers = """ "sourceRanges":["35.191.0.0/16"],"targetTags":["backend"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """;
    private const string FromInternet = """ "targetTags":["open"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """;
    private const string EverySecond = """{"checkIntervalSec":1,"timeoutSec":1,"httpHealthCheck":{"port":80,"requestPath":"/2"}}""";
    private const string LoadBalancer = "http://10.138.0.10/";

    /// <summary>A web server that answers with its own name and the address of who asks.</summary>
    private const string WebServer = """
        #!/bin/bash
        echo $$ > /run/server.pid
        exec perl -MIO::Socket::INET -e '
          my $listener = IO::Socket::INET->new(LocalPort => 80, Listen => 128, ReuseAddr => 1) or die "cannot listen: $!";
          $SIG{CHLD} = "IGNORE"; my $name = `cat /etc/hostname`; chomp $name;
          while (my $client = $listener->accept) {
            next if fork;
            while (<$client>) { last if /^\r?$/; }
            my $body = "$name " . $client->peerhost;
            print $client "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
            exit;
          }'
        """;

    [NamespacesFact]
    public async Task The_load_balancer_serves_from_healthy_backends_and_keeps_the_clients_address()
    {
        await using var lab = await LabAsync(backends: 2, FromSubnet, FromProbers);

        await WhenHealthyAsync(lab, 2);
        var answers = await AskAsync(lab, LoadBalancer, 20);

        Assert.Equal(lab.RunningMembers().Select(name => $"{name} {AddressOf(lab, "client")}").Order(), answers.Distinct().Order());
    }

    [NamespacesFact]
    public async Task A_backend_that_the_firewall_closes_off_cannot_be_reached_and_one_that_it_opens_can()
    {
        await using var lab = await LabAsync(backends: 1);
        Assert.Equal([""], await AskAsync(lab, LoadBalancer, 1));

        lab.Store.WithFirewall("http", FromSubnet);
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
        await lab.UntilAsync(async () => (await AskAsync(lab, LoadBalancer, 1))[0].StartsWith("backend-", StringComparison.Ordinal));

        lab.Store.Remove(Documents.Firewall("http"));
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
        Assert.Equal([""], await AskAsync(lab, LoadBalancer, 1));
    }

    [NamespacesFact]
    public async Task Source_tags_priorities_disabled_rules_and_egress_decide_as_soon_as_a_change_is_applied()
    {
        await using var lab = await LabAsync(backends: 0);
        await lab.BootAsync("server", WebServer, "backend");
        await lab.BootAsync("other", tag: "other");
        var url = $"http://{AddressOf(lab, "server")}/";
        await lab.UntilAsync(async () => (await lab.Host["server"].RunAsync(["curl", "--silent", "http://127.0.0.1/"], lab.Deadline)).ExitCode == 0);

        lab.Store.WithFirewall("tagged", """ "priority":1000,"sourceTags":["client"],"targetTags":["backend"],"allowed":[{"IPProtocol":"tcp"}] """);
        await AnswersAsync("client");
        await StaysSilentAsync("other");

        lab.Store.WithFirewall("deny", """ "priority":900,"sourceRanges":["10.138.0.0/20"],"denied":[{"IPProtocol":"all"}] """);
        await StaysSilentAsync("client");
        lab.Store.Update(Documents.Firewall("deny"), rule => rule["disabled"] = true);
        await AnswersAsync("client");
        lab.Store.Update(Documents.Firewall("deny"), rule => rule["disabled"] = false);
        await StaysSilentAsync("client");
        lab.Store.Update(Documents.Firewall("deny"), rule => rule["priority"] = 1100);
        await AnswersAsync("client");
        lab.Store.Update(Documents.Firewall("deny"), rule => rule["priority"] = 1000); // At the same priority, deny goes first.
        await StaysSilentAsync("client");
        lab.Store.Remove(Documents.Firewall("deny"));
        await AnswersAsync("client");

        lab.Store.WithFirewall("out", """ "priority":1000,"destinationRanges":["10.138.0.0/20"],"targetTags":["client"],"denied":[{"IPProtocol":"tcp","ports":["80"]}] """);
        lab.Store.Update(Documents.Firewall("out"), rule => rule["direction"] = "EGRESS");
        await StaysSilentAsync("client");
        lab.Store.Update(Documents.Firewall("tagged"), rule => rule["sourceTags"] = new System.Text.Json.Nodes.JsonArray("other"));
        await AnswersAsync("other");

        async Task AnswersAsync(string machine) => Assert.StartsWith("server ", await AskOnceAsync(machine, "10"), StringComparison.Ordinal);
        async Task StaysSilentAsync(string machine) => Assert.Equal("", await AskOnceAsync(machine, "0.4"));
        async Task<string> AskOnceAsync(string machine, string seconds)
        {
            await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
            return (await lab.Host[machine].RunAsync(["curl", "--silent", "--max-time", seconds, url], lab.Deadline)).Output;
        }
    }

    [NamespacesFact]
    public async Task Names_of_machines_and_of_Google_are_known_inside_the_network_and_others_are_not()
    {
        await using var lab = await LabAsync(backends: 0);
        await lab.BootAsync("named");
        var address = AddressOf(lab, "named");
        foreach (var name in new[] { "named", "named.us-west1-b.c.primes-project.internal", "named.c.primes-project.internal", "NAMED.c.primes-project.internal" })
            Assert.Equal(address, await ResolveAsync(name));
        Assert.Equal("named.us-west1-b.c.primes-project.internal", (await GetentAsync("hosts", address)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].TrimEnd());
        Assert.Equal("169.254.169.254", await ResolveAsync("metadata.google.internal"));
        Assert.Equal("199.36.153.8", await ResolveAsync("some-bucket.storage.googleapis.com"));
        Assert.Equal("", await GetentAsync("hosts", "nobody.c.primes-project.internal"));
        Assert.Equal("", await GetentAsync("hosts", "example.com"));

        async Task<string> ResolveAsync(string name) => (await GetentAsync("ahostsv4", name)).Split(' ')[0];
        async Task<string> GetentAsync(string database, string name) => (await lab.Host["client"].RunAsync(["getent", database, name], lab.Deadline)).Output;
    }

    [NamespacesFact]
    public async Task Without_the_health_check_rule_all_backends_are_unhealthy_and_the_last_resort_still_serves()
    {
        await using var lab = await LabAsync(backends: 2, FromSubnet, FromProbers);
        await WhenHealthyAsync(lab, 2);

        lab.Store.Remove(Documents.Firewall("rule1"));
        await WhenHealthyAsync(lab, 0);

        Assert.Equal(lab.RunningMembers().Order(), (await AskAsync(lab, LoadBalancer, 20)).Select(a => a.Split(' ')[0]).Distinct().Order());
    }

    [NamespacesFact]
    public async Task A_dead_backend_gets_no_new_connections_once_it_is_unhealthy()
    {
        await using var lab = await LabAsync(backends: 2, FromSubnet, FromProbers);
        await WhenHealthyAsync(lab, 2);
        var victim = lab.RunningMembers()[0];

        await lab.Host[victim].RunAsync(["/bin/bash", "-c", "kill $(cat /run/server.pid)"], lab.Deadline);
        await WhenHealthyAsync(lab, 1);
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);

        await lab.UntilAsync(async () => (await AskAsync(lab, LoadBalancer, 12)).All(a => a.StartsWith(lab.RunningMembers()[1], StringComparison.Ordinal)));
    }

    [NamespacesFact]
    public async Task A_killed_machine_is_made_again_by_its_group_and_serves_again()
    {
        await using var lab = await LabAsync(backends: 1, FromSubnet, FromProbers);
        await WhenHealthyAsync(lab, 1);
        var member = Documents.Instance(lab.RunningMembers()[0]);
        var id = lab.Get(member).Text("id");

        await lab.Host[member.Id].RunAsync(["/bin/bash", "-c", "touch /root/was-here"], lab.Deadline);
        await lab.Host[member.Id].StopAsync(TimeSpan.Zero, lab.Deadline);
        await lab.UntilAsync(() => lab.Store.Find(member) is { } again && again.Text("id") != id && again.Text("status") == "RUNNING");
        await WhenHealthyAsync(lab, 1);

        Assert.StartsWith(member.Id, (await AskAsync(lab, LoadBalancer, 1))[0], StringComparison.Ordinal);
        Assert.NotEqual(0, (await lab.Host[member.Id].RunAsync(["/bin/ls", "/root/was-here"], lab.Deadline)).ExitCode);
    }

    [NamespacesFact]
    public async Task An_external_address_is_reached_from_the_host_only_when_the_firewall_lets_it()
    {
        await using var lab = await LabAsync(backends: 0, FromInternet);
        var open = await lab.BootAsync("open", WebServer, "open", external: true);
        var closed = await lab.BootAsync("closed", WebServer, "closed", external: true);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };

        await lab.UntilAsync(async () => await BodyAsync(http, ExternalAddress(lab, open)) == "open 203.0.113.1");
        Assert.Null(await BodyAsync(http, ExternalAddress(lab, closed)));
    }

    [NamespacesFact]
    public async Task An_autohealing_group_makes_a_machine_anew_whose_server_died()
    {
        await using var lab = await LabAsync(backends: 0, FromSubnet, FromProbers);
        lab.Store.Update(Documents.Group, g =>
        {
            g["targetSize"] = 1;
            g["autoHealingPolicies"] = new System.Text.Json.Nodes.JsonArray(Documents.Parse($$"""{"healthCheck":"{{Documents.HealthCheck.Link}}","initialDelaySec":300}"""));
        });
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
        await lab.WhenStableAsync(); // Verified: it was healthy once.
        var member = Documents.Instance(Assert.Single(lab.RunningMembers()));
        var id = lab.Get(member).Text("id");
        lab.Store.Update(Documents.Group, g => g["autoHealingPolicies"]![0]!["initialDelaySec"] = 0);

        await lab.Host[member.Id].RunAsync(["/bin/bash", "-c", "kill $(cat /run/server.pid)"], lab.Deadline);

        await lab.UntilAsync(() => lab.Store.Find(member) is { } again && again.Text("id") != id && again.Text("status") == "RUNNING");
    }

    private static async Task<ControlLab> LabAsync(int backends, params string[] firewalls)
    {
        var lab = await ControlLab.RealAsync();
        for (var i = 0; i < firewalls.Length; i++)
            lab.Store.WithFirewall($"rule{i}", firewalls[i]);
        lab.Store.WithGroup(backends, script: WebServer).WithLoadBalancer(EverySecond);
        await lab.BootAsync("client");
        await lab.WhenStableAsync();
        return lab;
    }

    private static Task WhenHealthyAsync(ControlLab lab, int count) => lab.UntilAsync(() => Task.FromResult(
        lab.Control.GetHealth(Documents.BackendService, Documents.Group with { Collection = "instanceGroups" }).Count(h => h.State == "HEALTHY") == count));

    /// <summary>What a client machine inside the network is answered; an empty text for no answer.</summary>
    private static async Task<string[]> AskAsync(ControlLab lab, string url, int times)
    {
        var script = $"for i in $(seq {times}); do curl --silent --max-time 1 {url}; echo; done";
        var result = await lab.Host["client"].RunAsync(["/bin/bash", "-c", script], lab.Deadline);
        return result.Output.Split('\n')[..times];
    }

    private static string AddressOf(ControlLab lab, string instance) => lab.Get(Documents.Instance(instance)).Objects("networkInterfaces").First().Text("networkIP")!;

    private static IPAddress ExternalAddress(ControlLab lab, ResourceName instance) =>
        IPAddress.Parse(lab.Get(instance).Objects("networkInterfaces").First().Objects("accessConfigs").First().Text("natIP")!);

    private static async Task<string?> BodyAsync(HttpClient http, IPAddress address)
    {
        try
        {
            return await http.GetStringAsync(new Uri($"http://{address}/"));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
