namespace PrimeDeploy.Deployer.Tests;

/// <summary>The whole way against the local cloud, with simulated machines: deploy, deploy again, tear down, tear down again.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public async Task The_lab_is_deployed_found_in_place_by_a_second_run_and_torn_down_to_nothing()
    {
        await using var cloud = await TestCloud.StartAsync();
        var engine = cloud.Engine;
        var service = PrimeService.Describe(cloud.Options);

        var first = await engine.Start(service).Completed;
        Assert.Empty(first.Failures);
        Assert.All(first.Outcomes, outcome =>
            Assert.True(outcome.Action is PlanAction.Create || outcome.Resource.Kind == "subnet access", outcome.ToString()));

        // Operations are waited for where the API holds the answer back, and never asked for again and again.
        Assert.DoesNotContain(cloud.Proxy.Requests, request => request.Method == "GET" && request.Path.Contains("/operations/", StringComparison.Ordinal));

        var before = cloud.Proxy.Requests.Count;
        var run = engine.Start(service);
        var second = await run.Completed;
        Assert.Equal("18 unchanged", (await run.Planned).Summary);
        Assert.True(second.Succeeded);
        var requests = cloud.Proxy.Requests.Skip(before).ToList();
        // One list per kind, and the lease: taken and given back.
        Assert.Equal(["POST", "PUT", "DELETE"], requests.Where(request => request.Method != "GET").Select(request => request.Method));
        Assert.All(requests.CountBy(request => request.Method + request.Path), call => Assert.Equal(1, call.Value));
        Assert.True(requests.Count <= service.Resources.Count, $"{requests.Count} calls for {service.Resources.Count} resources");

        var report = await engine.VerifyAsync(service, run, new() { SkipService = "machines are simulated" });
        Assert.True(report.Succeeded, string.Join('\n', report.Checks));

        var teardown = await engine.TeardownAsync(cloud.Options);
        Assert.True(teardown.Succeeded, string.Join('\n', teardown.Items));
        // The subnet's access stays; everything else would have to be made anew.
        Assert.Equal("17 to create, 1 unchanged", (await engine.PlanAsync(service)).Summary);

        var again = await engine.TeardownAsync(cloud.Options);
        Assert.Equal(TeardownResult.Left, Assert.Single(again.Items).Result);
    }
}
