using System.Text.Json.Nodes;

namespace PrimeDeploy.Deployer.Tests.Surveying;

public sealed class DeploymentStatusTests
{
    [Fact]
    public async Task All_deployments_are_listed_and_exactly_those_whose_time_is_over_are_taken_down()
    {
        await using var cloud = await TestCloud.StartAsync();
        PrimeService Service(string name, TimeSpan? life) => PrimeService.Describe(cloud.Options with { Name = name, TimeToLive = life, Owner = "alice", Size = 2 });
        foreach (var (name, life) in new (string, TimeSpan?)[] { ("lab", null), ("pr-1", TimeSpan.FromHours(1)), ("pr-2", TimeSpan.FromHours(8)) })
            Assert.True((await cloud.Engine.Start(Service(name, life)).Completed).Succeeded);

        var all = await cloud.Engine.StatusAsync(cloud.Options);

        Assert.Equal(["lab", "pr-1", "pr-2"], all.Select(one => one.Name));
        Assert.All(all, one => Assert.Equal(("alice", "us-west1-b", 2, 2), (one.Owner, one.Zone, one.Backends, one.Healthy)));
        Assert.Null(all[0].Expires);
        Assert.Equal(3600, (all[1].Expires!.Value - DateTimeOffset.UtcNow).TotalSeconds, 60.0);
        Assert.Equal("10.138.0.10", all[0].Address);
        Assert.Equal(3, all.Select(one => one.Address).Distinct().Count());
        Assert.All(all, one => Assert.NotNull(one.Frontend));
        // Two e2-medium, an e2-standard-2 with an external address, three disks, a forwarding rule.
        Assert.Equal((2 * 0.03350571m) + 0.06701142m + 0.005m + 0.025m + (3 * 0.4m / 730), all[0].CostPerHour!.Value, 6);

        Assert.Empty(await cloud.Engine.TeardownExpiredAsync(cloud.Options));
        var later = new DeploymentEngine(CloudConnection.At(cloud.Proxy.Endpoint), null, new Ahead(TimeSpan.FromHours(2)));
        Assert.Equal(["pr-1"], (await later.TeardownExpiredAsync(cloud.Options)).Where(one => one.Succeeded).Select(one => one.Name));
        Assert.Equal(["lab", "pr-2"], (await cloud.Engine.StatusAsync(cloud.Options)).Select(one => one.Name));
        Assert.False((await cloud.Engine.PlanAsync(Service("pr-2", TimeSpan.FromHours(8)))).HasChanges);
        Assert.False((await cloud.Engine.PlanAsync(Service("lab", null))).HasChanges);
    }

    [Fact]
    public async Task The_frontends_address_costs_once_and_more_while_no_machine_has_it()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.True((await cloud.Engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);
        var whole = Assert.Single(await cloud.Engine.StatusAsync(cloud.Options)).CostPerHour!.Value;
        using var http = new HttpClient { BaseAddress = new Uri(cloud.Proxy.Endpoint, "compute/v1/projects/my-project/zones/us-west1-b/") };
        using var deletion = await http.DeleteAsync("instances/frontend");
        using var waited = await http.PostAsync($"operations/{(string)JsonNode.Parse(await deletion.Content.ReadAsStringAsync())!["name"]!}/wait", null);

        var without = Assert.Single(await cloud.Engine.StatusAsync(cloud.Options)).CostPerHour!.Value;

        Assert.Equal(PriceTable.Deployment(cloud.Options)!.Value, whole, 6);
        Assert.Equal(whole - PriceTable.Machine("e2-standard-2", external: true)!.Value + 0.01m, without, 6);
    }

    [Fact]
    public async Task A_test_instance_is_not_taken_for_the_frontend()
    {
        await using var cloud = await TestCloud.StartAsync();
        var left = new Instance("testinstance", Step.Frontend, "default", _ => new("e2-medium", "testinstance", ExternalAddress: true, new Dictionary<string, string>()));
        Assert.True((await cloud.Engine.Start(new Deployment(cloud.Options, [left])).Completed).Succeeded);

        var status = Assert.Single(await cloud.Engine.StatusAsync(cloud.Options));

        Assert.Null(status.Frontend);
        Assert.True(status.CostPerHour > 0);
    }

    [Fact]
    public async Task Another_time_to_live_is_put_on_the_bucket_and_none_takes_it_off()
    {
        await using var cloud = await TestCloud.StartAsync();
        foreach (var life in new TimeSpan?[] { TimeSpan.FromHours(1), TimeSpan.FromHours(5), null })
        {
            Assert.True((await cloud.Engine.Start(PrimeService.Describe(cloud.Options with { TimeToLive = life })).Completed).Succeeded);
            var expires = Assert.Single(await cloud.Engine.StatusAsync(cloud.Options)).Expires;
            Assert.Equal(life?.TotalHours ?? 0, expires is null ? 0 : (expires.Value - DateTimeOffset.UtcNow).TotalHours, 0.1);
        }
    }

    [Fact]
    public async Task A_deployment_without_its_bucket_is_listed_and_taken_down_when_all_that_is_left_says_that_its_time_is_over()
    {
        await using var cloud = await TestCloud.StartAsync();
        var old = new Deployment(cloud.Options with { Name = "pr-7", TimeToLive = TimeSpan.FromMinutes(10) },
            [new HealthCheck("pr-7-health", Step.HealthCheck, "/", 80, ProbeRhythm.Balancing)]);
        Assert.True((await cloud.Engine.Start(old).Completed).Succeeded);
        Assert.Equal("pr-7", Assert.Single(await cloud.Engine.StatusAsync(cloud.Options)).Name);

        var later = new DeploymentEngine(CloudConnection.At(cloud.Proxy.Endpoint), null, new Ahead(TimeSpan.FromHours(1)));
        Assert.True(Assert.Single(await later.TeardownExpiredAsync(cloud.Options)).Succeeded);
        Assert.Empty(await cloud.Engine.StatusAsync(cloud.Options));
    }

    /// <summary>The system's clock, some time from now.</summary>
    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
