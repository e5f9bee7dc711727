using System.Globalization;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.LocalCloud.Tests.Clients;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>A cloud with real machines for Application Load Balancers: a regional group <c>web</c> of two, a zonal group <c>api</c> of one, clients near and far.</summary>
public sealed class ApplicationLab : IAsyncLifetime
{
    internal const string Region = "regions/us-west1";
    internal const string ProxyRange = "10.5.0.0/23";

    /// <summary>A web server that answers with everything that it was asked. Below /slow it says that it was asked in a file, and waits for another one.</summary>
    private const string WebServer = """
        #!/bin/bash
        exec perl -MIO::Socket::INET -e '
          my $listener = IO::Socket::INET->new(LocalPort => 8080, Listen => 128, ReuseAddr => 1) or die "cannot listen: $!";
          $SIG{CHLD} = "IGNORE"; my $name = `cat /etc/hostname`; chomp $name;
          while (my $client = $listener->accept) {
            next if fork;
            my $body = "server-name: $name\npeer: " . $client->peerhost . "\n"; my $slow = 0;
            while (<$client>) { last if /^\r?$/; s/\r//; $slow = 1 if m{/slow}; $body .= /^GET/ ? "request: $_" : $_; }
            if ($slow) { open my $asked, ">", "/run/asked"; for (1 .. 3000) { last if -e "/run/release"; select undef, undef, undef, 0.01; } }
            print $client "HTTP/1.1 200 OK\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
            exit;
          }'
        """;

    private readonly SemaphoreSlim _gate = new(1);
    private TestCloud? _cloud;
    private int _addresses = 20;

    internal TestCloud Cloud => _cloud!;

    internal string ClientAddress { get; private set; } = "";

    public Task InitializeAsync() => Task.CompletedTask; // Where the tests are skipped, nothing is started.

    public async Task DisposeAsync()
    {
        if (_cloud is not null)
            await _cloud.DisposeAsync();
        _gate.Dispose();
    }

    internal async Task<ApplicationLab> StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_cloud is null)
                await BuildAsync(_cloud = await TestCloud.StartAsync(options => options with { Machines = MachineMode.Namespaces }));
            return this;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A backend service with one group.</summary>
    internal Task AddServiceAsync(string name, string group, string port, string more = "")
    {
        var scope = group == "web" ? Region : "zones/us-west1-b";
        return Cloud.DoAsync("POST", $"{Region}/backendServices",
            $$"""{"name":"{{name}}","loadBalancingScheme":"INTERNAL_MANAGED","portName":"{{port}}","healthChecks":["{{Region}}/healthChecks/serving"],"backends":[{"group":"{{Cloud.Base}}{{scope}}/instanceGroups/{{group}}"}]{{more}}}""");
    }

    /// <summary>A URL map with everything that it needs to be reached.</summary>
    /// <returns>The load balancer's address.</returns>
    internal async Task<string> BalanceAsync(string name, string map, string more = "")
    {
        var address = $"10.138.0.{Interlocked.Increment(ref _addresses)}";
        await Cloud.DoAsync("POST", $"{Region}/urlMaps", $$"""{"name":"{{name}}",{{map}}}""");
        await Cloud.DoAsync("POST", $"{Region}/targetHttpProxies", $$"""{"name":"{{name}}","urlMap":"{{Region}}/urlMaps/{{name}}"}""");
        await Cloud.DoAsync("POST", $"{Region}/forwardingRules",
            $$"""{"name":"{{name}}","loadBalancingScheme":"INTERNAL_MANAGED","IPAddress":"{{address}}","portRange":"80","target":"{{Region}}/targetHttpProxies/{{name}}"{{more}}}""");
        return address;
    }

    internal async Task WhenHealthyAsync(string service, int count)
    {
        var link = (await Cloud.GetAsync($"{Region}/backendServices/{service}")).Objects("backends").Single().Text("group");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var (_, health) = await Cloud.SendAsync("POST", $"{Region}/backendServices/{service}/getHealth", $$"""{"group":"{{link}}"}""");
            if (health.Objects("healthStatus").Count(h => h.Text("healthState") == "HEALTHY") == count)
                return;
            await Task.Delay(20, limit.Token);
        }
    }

    internal async Task<IReadOnlyList<string>> AskAsync(string address, int times, params string[] options)
    {
        var answers = new List<string>();
        for (var i = 0; i < times; i++)
            answers.Add(await AskFromAsync("client", $"http://{address}/2?a=b%20c", options));
        return answers;
    }

    internal Task<string> AskAsync(string url, params string[] options) => AskFromAsync("client", url, options);

    /// <summary>What curl prints on a machine inside the network; empty when no answer came.</summary>
    internal async Task<string> AskFromAsync(string from, string url, params string[] options) =>
        (await RunOnAsync(from, ["curl", "--silent", .. options, url])).TrimEnd('\n');

    /// <summary>What a command on a machine prints.</summary>
    internal async Task<string> RunOnAsync(string instance, params string[] command)
    {
        var way = (await Cloud.GetAsync($"{Cloud.Server.Endpoint}localcloud/machines/{instance}")).Texts("command").ToList();
        return (await new ClientProgram(way[0], new Dictionary<string, string>(), "/").TryAsync([.. way.Skip(1), .. command])).Output;
    }

    /// <summary>The value behind a name and a colon, in an answer of the web server.</summary>
    internal static string Value(string answer, string name) =>
        answer.Split('\n').Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..].Trim()).FirstOrDefault() ?? $"no {name} in: {answer}";

    private async Task BuildAsync(TestCloud cloud)
    {
        var script = System.Text.Json.JsonSerializer.Serialize(WebServer);
        await cloud.DoAsync("POST", "global/instanceTemplates",
            $$$$"""
            {"name":"server","properties":{"machineType":"e2-medium","tags":{"items":["server"]},"networkInterfaces":[{"network":"global/networks/default"}],
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "metadata":{"items":[{"key":"startup-script","value":{{{{script}}}}}]}}}
            """);
        await Task.WhenAll(
            cloud.DoAsync("POST", $"{Region}/subnetworks", $$"""{"name":"proxies","network":"global/networks/default","ipCidrRange":"{{ProxyRange}}","purpose":"REGIONAL_MANAGED_PROXY","role":"ACTIVE"}"""),
            cloud.DoAsync("POST", "global/firewalls", $$"""{"name":"proxies","sourceRanges":["{{ProxyRange}}","35.191.0.0/16"],"targetTags":["server"],"allowed":[{"IPProtocol":"tcp","ports":["8080"]}]}"""),
            cloud.DoAsync("POST", $"{Region}/healthChecks", """{"name":"serving","type":"HTTP","checkIntervalSec":1,"timeoutSec":1,"httpHealthCheck":{"portSpecification":"USE_SERVING_PORT","requestPath":"/health"}}"""),
            cloud.DoAsync("POST", $"{Region}/instanceGroupManagers", """{"name":"web","targetSize":2,"instanceTemplate":"global/instanceTemplates/server","namedPorts":[{"name":"http","port":8080},{"name":"dead","port":9}]}"""),
            cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers", """{"name":"api","targetSize":1,"instanceTemplate":"global/instanceTemplates/server","namedPorts":[{"name":"http","port":8080}]}"""),
            AddClientAsync(cloud, "client", "us-west1-b"),
            AddClientAsync(cloud, "far", "us-east1-b"));
        await AddServiceAsync("web", "web", "http");
        await AddServiceAsync("api", "api", "http");
        await cloud.UntilAsync("zones/us-west1-b/instanceGroupManagers/api", g => g.Object("status")!.Flag("isStable") is true); // Tests enter its machine.
        ClientAddress = (await cloud.GetAsync("zones/us-west1-b/instances/client")).Objects("networkInterfaces").Single().Text("networkIP")!;
    }

    private static Task<System.Text.Json.Nodes.JsonObject> AddClientAsync(TestCloud cloud, string name, string zone) => cloud.DoAsync("POST", string.Create(CultureInfo.InvariantCulture, $"zones/{zone}/instances"),
        $$$"""
        {"name":"{{{name}}}","machineType":"e2-micro","networkInterfaces":[{"network":"global/networks/default"}],
         "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}]}
        """);
}
