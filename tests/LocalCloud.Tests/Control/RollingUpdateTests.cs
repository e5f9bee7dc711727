using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>An update of a group under load, over real machines: nobody who asks the load balancer notices.</summary>
public sealed class RollingUpdateTests
{
    private const string EverySecond = """{"checkIntervalSec":1,"timeoutSec":1,"httpHealthCheck":{"port":80,"requestPath":"/2"}}""";

    /// <summary>A server that takes its time for every answer and knows no grace when it is told to end: only draining can save a request under way.</summary>
    private const string SlowServer = """
        #!/bin/bash
        exec perl -MIO::Socket::INET -e '
          my $listener = IO::Socket::INET->new(LocalPort => 80, Listen => 128, ReuseAddr => 1) or die "cannot listen: $!";
          $SIG{CHLD} = "IGNORE"; my $name = `cat /etc/hostname`; chomp $name;
          while (my $client = $listener->accept) {
            next if fork;
            while (<$client>) { last if /^\r?$/; }
            select undef, undef, undef, 0.4;
            my $body = "VERSION $name";
            print $client "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
            exit;
          }'
        """;

    private const string Load = """
        for worker in 1 2 3 4; do
          while [[ ! -e /run/enough ]]; do
            answer=$(curl --silent --show-error --fail --max-time 10 http://10.138.0.10/2 2>&1) || answer+=" FAILED"
            echo "$answer"
          done &
        done
        wait
        """;

    [NamespacesFact]
    public async Task Not_one_request_fails_while_a_group_rolls_over_to_another_template()
    {
        await using var lab = await ControlLab.RealAsync();
        lab.Store
            .WithFirewall("http", """ "sourceRanges":["10.138.0.0/20","35.191.0.0/16"],"targetTags":["backend"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}] """)
            .WithGroup(3, script: SlowServer.Replace("VERSION", "old", StringComparison.Ordinal)).WithLoadBalancer(EverySecond, drainingSeconds: 2);
        lab.Store.Update(Documents.Group, group =>
        {
            group["updatePolicy"] = Documents.Parse("""{"type":"PROACTIVE","minimalAction":"REPLACE","replacementMethod":"SUBSTITUTE","maxSurge":{"fixed":1},"maxUnavailable":{"fixed":0}}""");
            group["autoHealingPolicies"] = new JsonArray(Documents.Parse($$"""{"healthCheck":"{{Documents.HealthCheck.Link}}","initialDelaySec":300}"""));
        });
        await lab.BootAsync("client");
        await lab.WhenStableAsync();
        await lab.UntilAsync(() => Task.FromResult(Healthy(lab) == 3));
        var before = lab.RunningMembers();
        var load = lab.Host["client"].RunAsync(["/bin/bash", "-c", Load], lab.Deadline);

        lab.Store.WithTemplate("primecalc-2", SlowServer.Replace("VERSION", "new", StringComparison.Ordinal));
        lab.Store.Update(Documents.Group, group => group["instanceTemplate"] = Documents.Template("primecalc-2").Link);
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
        var fewest = 3;
        await lab.UntilAsync(() =>
        {
            fewest = Math.Min(fewest, lab.RunningMembers().Length);
            return lab.Get(Documents.Group).Object("status") is { } status && status.Flag("isStable") == true && status.Object("versionTarget")!.Flag("isReached") == true;
        });
        await lab.Host["client"].RunAsync(["/bin/touch", "/run/enough"], lab.Deadline);
        var answers = (await load).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(answers, answer => Assert.Matches("^(old|new) backend-[a-z0-9]{4}$", answer));
        Assert.Empty(before.Intersect(lab.RunningMembers()));
        Assert.Equal(3, fewest);
        Assert.Contains(answers, answer => answer.StartsWith("old", StringComparison.Ordinal));
        Assert.StartsWith("new", answers[^1], StringComparison.Ordinal);
        Assert.True(answers.Length > 20, $"Only {answers.Length} requests were made.");
    }

    private static int Healthy(ControlLab lab) =>
        lab.Control.GetHealth(Documents.BackendService, Documents.Group with { Collection = "instanceGroups" }).Count(h => h.State == "HEALTHY");
}
