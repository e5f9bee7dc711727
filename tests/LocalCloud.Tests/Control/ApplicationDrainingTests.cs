using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>Backends that are taken away from an internal Application Load Balancer while they work on requests.</summary>
public sealed class ApplicationDrainingTests(ApplicationLab shared) : IClassFixture<ApplicationLab>
{
    private const string Zone = "zones/us-west1-b";

    [NamespacesTheory]
    [InlineData("patch")]
    [InlineData("abandonInstances")]
    [InlineData("resize")]
    public async Task Not_one_request_fails_when_a_backend_is_taken_away_those_under_way_are_finished_and_new_ones_go_elsewhere(string way)
    {
        var group = $"leaves-{way.ToLowerInvariant()}";
        var (lab, address, leaving) = await StartAsync(group, drainingSeconds: 600);
        var underWay = Enumerable.Range(0, 4).Select(_ => lab.AskAsync($"http://{address}/slow", "--write-out", "status: %{http_code}")).ToList();
        await lab.RunOnAsync(leaving, "/bin/bash", "-c", "until [[ -e /run/asked ]]; do sleep 0.01; done");
        await lab.RunOnAsync("client", "/bin/rm", "-f", "/run/enough");
        var meanwhile = lab.RunOnAsync("client", "/bin/bash", "-c", $"until [[ -e /run/enough ]]; do curl --silent --write-out 'status: %{{http_code}}\\n' http://{address}/; done");

        await TakeAwayAsync(lab, group, leaving, way);
        var after = await lab.AskAsync(address, 8);
        await ReleaseAsync(lab, leaving);
        await lab.RunOnAsync("client", "/bin/touch", "/run/enough");

        Assert.DoesNotContain(leaving, after.Select(a => ApplicationLab.Value(a, "server-name")));
        var finished = await Task.WhenAll(underWay);
        Assert.All(finished, answer => Assert.EndsWith("status: 200", answer, StringComparison.Ordinal));
        Assert.Contains(leaving, finished.Select(a => ApplicationLab.Value(a, "server-name")));
        Assert.All((await meanwhile).Split('\n').Where(line => line.StartsWith("status", StringComparison.Ordinal)), line => Assert.Equal("status: 200", line));
    }

    [NamespacesFact]
    public async Task A_request_that_is_not_finished_when_its_backend_is_drained_is_ended()
    {
        var (lab, address, leaving) = await StartAsync("leaves-soon", drainingSeconds: 1);
        var underWay = Enumerable.Range(0, 2).Select(_ => lab.AskAsync($"http://{address}/slow", "--write-out", " status: %{http_code}")).ToList();
        await lab.RunOnAsync(leaving, "/bin/bash", "-c", "until [[ -e /run/asked ]]; do sleep 0.01; done");

        await TakeAwayAsync(lab, "leaves-soon", leaving, "patch");
        var ended = await await Task.WhenAny(underWay);
        await ReleaseAsync(lab);

        Assert.Equal("upstream connect error or disconnect/reset before headers. reset reason: connection termination status: 503", ended);
        Assert.Single(await Task.WhenAll(underWay), answer => answer.EndsWith("status: 200", StringComparison.Ordinal)); // The other one's backend has stayed.
    }

    /// <summary>A load balancer in front of a group of one machine, which is to leave, and of the lab's group <c>api</c>.</summary>
    private async Task<(ApplicationLab Lab, string Address, string Leaving)> StartAsync(string group, int drainingSeconds)
    {
        var lab = await shared.StartAsync();
        await lab.RunOnAsync(await MemberAsync(lab, "api"), "/bin/rm", "-f", "/run/release", "/run/asked");
        await lab.Cloud.DoAsync("POST", $"{Zone}/instanceGroupManagers", $$"""{"name":"{{group}}","targetSize":1,"instanceTemplate":"global/instanceTemplates/server","namedPorts":[{"name":"http","port":8080}]}""");
        await lab.AddServiceAsync(group, "api", "http", $$""","connectionDraining":{"drainingTimeoutSec":{{drainingSeconds}}}""");
        var address = await lab.BalanceAsync(group, $$""" "defaultService":"{{group}}" """);
        await lab.WhenHealthyAsync(group, 1);
        await lab.Cloud.DoAsync("PATCH", $"{ApplicationLab.Region}/backendServices/{group}", Backends(group));
        var leaving = await MemberAsync(lab, group);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await lab.AskAsync(address, 2)).Any(a => ApplicationLab.Value(a, "server-name") == leaving))
            limit.Token.ThrowIfCancellationRequested();
        return (lab, address, leaving);
    }

    private static async Task TakeAwayAsync(ApplicationLab lab, string group, string instance, string way) => await (way switch
    {
        "patch" => lab.Cloud.DoAsync("PATCH", $"{ApplicationLab.Region}/backendServices/{group}", Backends()),
        "resize" => lab.Cloud.DoAsync("POST", $"{Zone}/instanceGroupManagers/{group}/resize?size=0"),
        _ => lab.Cloud.DoAsync("POST", $"{Zone}/instanceGroupManagers/{group}/{way}", $$"""{"instances":["{{Zone}}/instances/{{instance}}"]}"""),
    });

    private static string Backends(params string[] more) =>
        $$"""{"backends":[{{string.Join(',', more.Append("api").Select(group => $$"""{"group":"{{Zone}}/instanceGroups/{{group}}"}"""))}}]}""";

    private static async Task<string> MemberAsync(ApplicationLab lab, string group) =>
        (await lab.Cloud.SendAsync("POST", $"{Zone}/instanceGroups/{group}/listInstances", "{}")).Body.Objects("items").Single().Text("instance")!.Split('/')[^1];

    /// <summary>Lets the requests that are under way come to their end.</summary>
    private static async Task ReleaseAsync(ApplicationLab lab, params string[] machines)
    {
        foreach (var machine in machines.Append(await MemberAsync(lab, "api")))
            await lab.RunOnAsync(machine, "/bin/touch", "/run/release");
    }
}
