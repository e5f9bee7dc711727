using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.LocalCloud.Tests.Clients;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>A backend that is taken out of a passthrough load balancer and goes on running: real packets, and a clock that the tests turn.</summary>
public sealed class BackendDrainingTests
{
    private const string Region = "regions/us-west1";
    private const string Zone = "zones/us-west1-b";

    [NamespacesTheory]
    [InlineData("patch")]
    [InlineData("removeInstances")]
    [InlineData("abandonInstances")]
    public async Task A_backend_that_is_taken_away_keeps_its_connections_until_it_is_drained_and_gets_no_new_ones(string way)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var cloud = await StartAsync(time, managed: way == "abandonInstances", drainingSeconds: 60);
        var held = await AskOnAsync(cloud, 1);

        await TakeAwayAsync(cloud, way, held);

        Assert.Equal(held, await AskOnAsync(cloud, 2));
        Assert.DoesNotContain(held, await OnClientAsync(cloud, AskOften), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(59));
        await cloud.RestartAsync(); // A server that goes on knows of it, and for how long.
        Assert.Equal(held, await AskOnAsync(cloud, 3));

        for (var answers = 4; await AskOnAsync(cloud, answers) is not "broken" and var answer; answers++)
        {
            Assert.Equal(held, answer);
            Assert.InRange(answers, 4, 500);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [NamespacesFact]
    public async Task Without_a_draining_timeout_its_connections_end_at_once()
    {
        await using var cloud = await StartAsync(new FakeTimeProvider(DateTimeOffset.UtcNow), managed: false, drainingSeconds: 0);

        await TakeAwayAsync(cloud, "patch", await AskOnAsync(cloud, 1));

        Assert.Equal("broken", await AskOnAsync(cloud, 2));
    }

    [NamespacesFact]
    public async Task A_backend_that_comes_back_while_it_drains_keeps_its_connections()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var cloud = await StartAsync(time, managed: false, drainingSeconds: 60);
        var held = await AskOnAsync(cloud, 1);
        await TakeAwayAsync(cloud, "removeInstances", held);

        await cloud.DoAsync("POST", $"{Zone}/instanceGroups/{GroupOf(held)}/addInstances", Instances(cloud, held));
        time.Advance(TimeSpan.FromSeconds(61));
        await cloud.DoAsync("POST", "global/firewalls", """{"name":"any-change","allowed":[{"IPProtocol":"icmp"}]}""");

        Assert.Equal(held, await AskOnAsync(cloud, 2));
        Assert.Contains(held, await OnClientAsync(cloud, AskOften), StringComparison.Ordinal);
    }

    // Each time on a new connection.
    private const string AskOften = """
        for ((i = 0; i < 40; i++)); do exec 3<>/dev/tcp/10.138.0.10/80; echo >&3; read -r name _ <&3; exec 3>&-; echo "$name"; done
        """;

    // One connection, on which a line is asked for whenever one comes out of the pipe.
    private const string Hold = """
        mkfifo /run/lines
        (exec 3<>/dev/tcp/10.138.0.10/80
        while read -r _ <>/run/lines; do echo >&3; read -r name _ <&3 || name=broken; echo "$name" >>/run/answers; done) </dev/null >/dev/null 2>&1 &
        """;

    /// <summary>Two groups with one machine each behind 10.138.0.10, and a client that holds a connection. No probe is ever due, so that both serve as the last resort.</summary>
    private static async Task<TestCloud> StartAsync(FakeTimeProvider time, bool managed, int drainingSeconds)
    {
        var cloud = await TestCloud.StartAsync(options => options with { Machines = MachineMode.Namespaces, Time = time });
        var script = JsonSerializer.Serialize(MachineLab.EchoServer);
        await cloud.DoAsync("POST", "global/firewalls", """{"name":"http","sourceRanges":["10.138.0.0/20"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}]}""");
        await cloud.DoAsync("POST", "global/instanceTemplates", $$$$"""{"name":"server","properties":{{{{{Machine}}}},"metadata":{"items":[{"key":"startup-script","value":{{{{script}}}}}]}}}""");
        foreach (var group in (string[])["first", "second"])
        {
            if (managed)
            {
                await cloud.DoAsync("POST", $"{Zone}/instanceGroupManagers", $$"""{"name":"{{group}}","baseInstanceName":"{{group}}","targetSize":1,"instanceTemplate":"global/instanceTemplates/server"}""");
                continue;
            }
            await cloud.DoAsync("POST", $"{Zone}/instances?sourceInstanceTemplate=global/instanceTemplates/server", $$"""{"name":"{{group}}-only"}""");
            await cloud.DoAsync("POST", $"{Zone}/instanceGroups", $$"""{"name":"{{group}}"}""");
            await cloud.DoAsync("POST", $"{Zone}/instanceGroups/{group}/addInstances", Instances(cloud, $"{group}-only"));
        }
        await cloud.DoAsync("POST", $"{Zone}/instances", $$$"""{"name":"client",{{{Machine}}}}""");
        await cloud.DoAsync("POST", $"{Region}/healthChecks", """{"name":"serving","type":"TCP","tcpHealthCheck":{"port":80}}""");
        await cloud.DoAsync("POST", $"{Region}/backendServices",
            $$"""
            {"name":"balanced","loadBalancingScheme":"INTERNAL","healthChecks":["{{Region}}/healthChecks/serving"],"connectionDraining":{"drainingTimeoutSec":{{drainingSeconds}}},
             "backends":[{"group":"{{Zone}}/instanceGroups/first"},{"group":"{{Zone}}/instanceGroups/second"}]}
            """);
        await cloud.DoAsync("POST", $"{Region}/forwardingRules",
            $$"""{"name":"balanced","loadBalancingScheme":"INTERNAL","IPAddress":"10.138.0.10","ports":["80"],"backendService":"{{Region}}/backendServices/balanced"}""");
        foreach (var name in (await cloud.GetAsync($"{Zone}/instances")).Objects("items").Select(i => i.Text("name")!).Where(n => n != "client"))
            await cloud.UntilAsync($"{Zone}/instances/{name}/serialPort", serial => serial.Text("contents")!.Contains("listening", StringComparison.Ordinal));
        _ = await OnClientAsync(cloud, Hold);
        return cloud;
    }

    private const string Machine = """
        "machineType":"e2-small","networkInterfaces":[{"network":"global/networks/default"}],
        "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}]
        """;

    private static Task<JsonObject> TakeAwayAsync(TestCloud cloud, string way, string instance)
    {
        var group = GroupOf(instance);
        return way switch
        {
            "patch" => cloud.DoAsync("PATCH", $"{Region}/backendServices/balanced", $$"""{"backends":[{"group":"{{Zone}}/instanceGroups/{{(group == "first" ? "second" : "first")}}"}]}"""),
            "removeInstances" => cloud.DoAsync("POST", $"{Zone}/instanceGroups/{group}/removeInstances", Instances(cloud, instance)),
            _ => cloud.DoAsync("POST", $"{Zone}/instanceGroupManagers/{group}/abandonInstances", $$"""{"instances":["{{Zone}}/instances/{{instance}}"]}"""),
        };
    }

    private static string GroupOf(string instance) => instance.Split('-')[0];

    private static string Instances(TestCloud cloud, string name) => $$"""{"instances":[{"instance":"{{cloud.Base}}{{Zone}}/instances/{{name}}"}]}""";

    /// <summary>Asks on the connection that the client holds.</summary>
    /// <returns>The machine that answered as the so-many-th time; "broken" when the connection was.</returns>
    private static async Task<string> AskOnAsync(TestCloud cloud, int answers) =>
        (await OnClientAsync(cloud, $"echo >/run/lines; for ((i = 0; i < 3000; i++)); do (($(wc -l </run/answers) >= {answers})) && exec tail -1 /run/answers; sleep 0.01; done; echo no answer")).Trim();

    private static async Task<string> OnClientAsync(TestCloud cloud, string script)
    {
        var way = (await cloud.GetAsync($"{cloud.Server.Endpoint}localcloud/machines/client")).Texts("command").ToList();
        return (await new ClientProgram(way[0], new Dictionary<string, string>(), "/").TryAsync([.. way.Skip(1), "/bin/bash", "-c", script])).Output;
    }
}
