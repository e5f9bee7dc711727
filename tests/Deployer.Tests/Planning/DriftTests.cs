using Google.Cloud.Compute.V1;
using Grpc.Core;

namespace PrimeDeploy.Deployer.Tests.Planning;

/// <summary>What someone did by hand, with Google's own library, is seen and put right; what is not ours is left alone.</summary>
public sealed class DriftTests
{
    private const string Project = "my-project";
    private const string Zone = "us-west1-b";

    [Fact]
    public async Task A_changed_range_a_deleted_rule_another_size_and_changed_labels_are_seen_and_put_right()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);

        var firewalls = Client<FirewallsClient>(cloud, new FirewallsClientBuilder());
        var range = await firewalls.PatchAsync(new PatchFirewallRequest
        {
            Project = Project, Firewall = "http", FirewallResource = new Firewall { SourceRanges = { "0.0.0.0/0" } },
        });
        await range.PollUntilCompletedAsync(TestCloud.Soon);
        await (await firewalls.DeleteAsync(new DeleteFirewallRequest { Project = Project, Firewall = "http2" })).PollUntilCompletedAsync(TestCloud.Soon);
        var groups = Client<InstanceGroupManagersClient>(cloud, new InstanceGroupManagersClientBuilder());
        var size = new ResizeInstanceGroupManagerRequest { Project = Project, Zone = Zone, InstanceGroupManager = "backend", Size = 1 };
        await (await groups.ResizeAsync(size)).PollUntilCompletedAsync(TestCloud.Soon);
        var instances = Client<InstancesClient>(cloud, new InstancesClientBuilder());
        var frontend = await instances.GetAsync(new GetInstanceRequest { Project = Project, Zone = Zone, Instance = "frontend" });
        var labels = new InstancesSetLabelsRequest { LabelFingerprint = frontend.LabelFingerprint, Labels = { frontend.Labels } };
        labels.Labels["primedeploy-spec"] = "0";
        labels.Labels["team"] = "maths";
        await (await instances.SetLabelsAsync(new SetLabelsInstanceRequest
        {
            Project = Project, Zone = Zone, Instance = "frontend", InstancesSetLabelsRequestResource = labels,
        })).PollUntilCompletedAsync(TestCloud.Soon);

        var plan = (await cloud.Engine.PlanAsync(service)).ToString();
        Assert.Contains("  ~ firewall rule http  (was changed by someone else)\n      sourceRanges: 0.0.0.0/0 → 10.138.0.0/20\n", plan);
        Assert.Contains("  + firewall rule http2  (not there)\n", plan);
        Assert.Contains("      targetSize: 1 → 3\n", plan);
        Assert.Contains($"      labels.primedeploy-spec: 0 → {frontend.Labels["primedeploy-spec"]}\n", plan);
        Assert.EndsWith("1 to create, 3 to update, 14 unchanged\n", plan);

        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
        // A label of theirs is theirs.
        var after = await instances.GetAsync(new GetInstanceRequest { Project = Project, Zone = Zone, Instance = "frontend" });
        Assert.Equal("maths", after.Labels["team"]);
    }

    [Fact]
    public async Task A_rule_of_the_same_name_stops_the_plan_and_adopt_takes_it_over()
    {
        await using var cloud = await TestCloud.StartAsync();
        var firewalls = Client<FirewallsClient>(cloud, new FirewallsClientBuilder());
        await (await firewalls.InsertAsync(new InsertFirewallRequest
        {
            Project = Project,
            FirewallResource = new Firewall { Name = "http", Allowed = { new Allowed { IPProtocol = "tcp", Ports = { "8080" } } }, SourceRanges = { "10.0.0.0/8" } },
        })).PollUntilCompletedAsync(TestCloud.Soon);
        var service = PrimeService.Describe(cloud.Options);

        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() => cloud.Engine.Start(service).Completed);
        Assert.Equal(
            "firewall rule http is there already and bears no mark of a deployment: it was made by someone else and is not touched. Delete it or rename it, deploy under another name (--name), or take it over (--adopt).",
            Assert.Single(refused.Problems));
        Assert.Empty(cloud.Requests("POST", "/b"));

        var adopt = new RunOptions { Adopt = true };
        var change = (await cloud.Engine.PlanAsync(service, adopt)).Changes.Single(change => change.Resource.Name == "http");
        Assert.Equal((PlanAction.Update, "is taken over"), (change.Action, change.Reason));
        Assert.Equal(["owner: (not set) → lab", "allowed: tcp:8080 → tcp:80"], change.Differences.Select(difference => difference.ToString()).Take(2));
        Assert.True((await cloud.Engine.Start(service, adopt).Completed).Succeeded);
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Fact]
    public async Task What_an_older_version_left_is_deleted_when_the_rest_is_done_and_what_is_not_ours_stays()
    {
        await using var cloud = await TestCloud.StartAsync();
        var firewalls = Client<FirewallsClient>(cloud, new FirewallsClientBuilder());
        var older = new Deployment(cloud.Options, [new HealthCheck("old-health", Step.HealthCheck, "/", 80, ProbeRhythm.Balancing)]);
        Assert.True((await cloud.Engine.Start(older).Completed).Succeeded);
        await (await firewalls.InsertAsync(new InsertFirewallRequest
        {
            Project = Project,
            FirewallResource = new Firewall { Name = "theirs", Allowed = { new Allowed { IPProtocol = "udp" } }, SourceRanges = { "10.0.0.0/8" } },
        })).PollUntilCompletedAsync(TestCloud.Soon);

        var service = PrimeService.Describe(cloud.Options);
        var deletion = Assert.Single((await cloud.Engine.PlanAsync(service)).Deletions);
        Assert.Equal(new PlannedDeletion("health check", "old-health", "no longer wanted"), deletion);
        var report = await cloud.Engine.Start(service).Completed;

        Assert.True(report.Succeeded);
        Assert.Equal("old-health", Assert.Single(report.Deleted).Name);
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
        Assert.NotNull(await firewalls.GetAsync(new GetFirewallRequest { Project = Project, Firewall = "theirs" }));
    }

    [Fact]
    public async Task A_deployment_does_not_move_to_another_zone()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.True((await cloud.Engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);

        var moved = cloud.Options with { Zone = "us-west1-a" };
        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() => cloud.Engine.PlanAsync(PrimeService.Describe(moved)));
        Assert.Contains("says that the deployment lab is in us-west1-b, and a deployment cannot move.", Assert.Single(refused.Problems));

        // Its bucket says where it is: it is found and taken down all the same.
        Assert.True((await cloud.Engine.TeardownAsync(moved)).Succeeded);
        Assert.Equal("17 to create, 1 unchanged", (await cloud.Engine.PlanAsync(PrimeService.Describe(cloud.Options))).Summary);
    }

    private static TClient Client<TClient>(TestCloud cloud, Google.Api.Gax.Grpc.ClientBuilderBase<TClient> builder) where TClient : class
    {
        builder.Endpoint = cloud.Proxy.Endpoint.GetLeftPart(UriPartial.Authority);
        builder.ChannelCredentials = ChannelCredentials.Insecure;
        return builder.Build();
    }
}
