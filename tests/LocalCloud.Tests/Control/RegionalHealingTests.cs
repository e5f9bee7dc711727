using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.LocalCloud.Tests.Clients;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>A group of a region over real machines that makes again what is lost, where it was lost.</summary>
public sealed class RegionalHealingTests
{
    private const string Region = "regions/us-west1";
    private const string Group = $"{Region}/instanceGroupManagers/web";

    /// <summary>A web server on port 80 that can be told to answer no more without that its machine ends.</summary>
    private const string WebServer = """
        #!/bin/bash
        exec perl -MIO::Socket::INET -e '
          open my $pid, ">", "/run/server.pid"; print $pid $$; close $pid;
          my $listener = IO::Socket::INET->new(LocalPort => 80, Listen => 128, ReuseAddr => 1) or die "cannot listen: $!";
          while (my $client = $listener->accept) {
            while (<$client>) { last if /^\r?$/; }
            print $client "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
          }'
        """;

    [NamespacesFact]
    public async Task A_killed_machine_and_one_whose_server_died_are_made_again_in_their_zones_and_the_others_stay()
    {
        await using var cloud = await StartAsync();
        var before = await WhenHealthyAsync(cloud, members => members.Count == 3); // Within the initial delay: nobody was made anew for being slow.
        await cloud.DoAsync("PATCH", Group, Healing(initialDelaySeconds: 0));
        Assert.Equal(3, before.Select(m => m.Zone).Distinct().Count());

        using (var init = Process.GetProcessById(int.Parse((await WayIntoAsync(cloud, before[0].Name))[2], CultureInfo.InvariantCulture)))
            init.Kill();
        var way = await WayIntoAsync(cloud, before[1].Name);
        await new ClientProgram(way[0], new Dictionary<string, string>(), "/").RunAsync([.. way.Skip(1), "/bin/bash", "-c", "kill $(cat /run/server.pid)"]);

        var after = await WhenHealthyAsync(cloud, members => members[0].Id != before[0].Id && members[1].Id != before[1].Id);
        Assert.Equal(before.Select(m => (m.Name, m.Zone)), after.Select(m => (m.Name, m.Zone)));
        Assert.Equal(before[2], after[2]);
    }

    private static async Task<TestCloud> StartAsync()
    {
        var cloud = await TestCloud.StartAsync(options => options with { Machines = MachineMode.Namespaces });
        await cloud.DoAsync("POST", "global/firewalls", """{"name":"probes","sourceRanges":["35.191.0.0/16"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}]}""");
        await cloud.DoAsync("POST", $"{Region}/healthChecks", """{"name":"alive","type":"HTTP","checkIntervalSec":1,"timeoutSec":1,"healthyThreshold":1,"unhealthyThreshold":2,"httpHealthCheck":{"port":80}}""");
        await cloud.DoAsync("POST", "global/instanceTemplates",
            $$$$"""
            {"name":"web","properties":{"machineType":"e2-small","networkInterfaces":[{"network":"global/networks/default"}],
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "metadata":{"items":[{"key":"startup-script","value":{{{{JsonSerializer.Serialize(WebServer)}}}}}]}}}
            """);
        await cloud.DoAsync("POST", $"{Region}/instanceGroupManagers",
            $$"""{"name":"web","targetSize":3,"instanceTemplate":"global/instanceTemplates/web",{{Healing(initialDelaySeconds: 300)[1..]}}""");
        return cloud;
    }

    private static string Healing(int initialDelaySeconds) => $$"""{"autoHealingPolicies":[{"healthCheck":"{{Region}}/healthChecks/alive","initialDelaySec":{{initialDelaySeconds}}}]}""";

    /// <returns>The members by name, when all of them are healthy and as wanted.</returns>
    private static async Task<IReadOnlyList<Member>> WhenHealthyAsync(TestCloud cloud, Func<IReadOnlyList<Member>, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var members = await MembersAsync(cloud);
            if (members.All(m => m.Health == "HEALTHY") && condition(members))
                return members;
            await Task.Delay(10, limit.Token);
        }
    }

    private static async Task<IReadOnlyList<Member>> MembersAsync(TestCloud cloud) =>
        [.. (await cloud.SendAsync("POST", $"{Group}/listManagedInstances")).Body.Objects("managedInstances").Select(m => new Member(
            ResourceLink.LastSegment(m.Text("instance")!), m.Text("instance")!.Split('/')[^3], m.Text("id"), m.Objects("instanceHealth").FirstOrDefault()?.Text("detailedHealthState")))
            .OrderBy(m => m.Name, StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<string>> WayIntoAsync(TestCloud cloud, string instance) =>
        [.. (await cloud.GetAsync($"{cloud.Server.Endpoint}localcloud/machines/{instance}")).Texts("command")];

    private sealed record Member(string Name, string Zone, string? Id, string? Health);
}
