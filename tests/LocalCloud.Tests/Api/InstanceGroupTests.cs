using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class InstanceGroupTests
{
    private const string Groups = "zones/us-west1-b/instanceGroups";

    private const string Members = """{"instances":[{"instance":"zones/us-west1-b/instances/vm"}]}""";

    [Fact]
    public async Task An_unmanaged_group_has_the_instances_that_were_added_until_they_are_removed()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", $"{Groups}/mine/addInstances", Members);
        Assert.Equal(1, (await cloud.GetAsync($"{Groups}/mine")).Integer("size"));
        var item = Assert.Single((await cloud.SendAsync("POST", $"{Groups}/mine/listInstances", "{}")).Body.Objects("items"));
        Assert.EndsWith("/instances/vm", item.Text("instance"), StringComparison.Ordinal);
        Assert.Equal(8080, Assert.Single(item.Objects("namedPorts")).Integer("port"));
        await cloud.RefusedAsync(400, "memberAlreadyExists", "POST", $"{Groups}/mine/addInstances", Members);
        await cloud.DoAsync("POST", $"{Groups}/mine/removeInstances", Members);
        Assert.Equal(0, (await cloud.GetAsync($"{Groups}/mine")).Integer("size"));
    }

    [Fact]
    public async Task The_health_of_an_unmanaged_group_behind_a_load_balancer_is_known()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", $"{Groups}/mine/addInstances", Members);
        await cloud.DoAsync("POST", "global/healthChecks", """{"name":"check","type":"TCP","tcpHealthCheck":{"port":80}}""");
        await cloud.DoAsync("POST", "regions/us-west1/backendServices",
            $$"""{"name":"service","loadBalancingScheme":"INTERNAL","healthChecks":["global/healthChecks/check"],"backends":[{"group":"{{Groups}}/mine"}]}""");
        await cloud.DoAsync("POST", "regions/us-west1/forwardingRules", """{"name":"rule","loadBalancingScheme":"INTERNAL","ports":["80"],"backendService":"service"}""");
        var health = (await cloud.SendAsync("POST", "regions/us-west1/backendServices/service/getHealth", $$"""{"group":"{{Groups}}/mine"}""")).Body;
        Assert.EndsWith("/instances/vm", Assert.Single(health.Objects("healthStatus")).Text("instance"), StringComparison.Ordinal);
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", $"{Groups}/mine");
    }

    [Fact]
    public async Task The_group_of_a_managed_group_is_changed_by_its_manager_only()
    {
        await using var cloud = await StartAsync();
        await cloud.AddGroupAsync(size: 0);
        await cloud.RefusedAsync(400, "invalid", "POST", $"{Groups}/backend/addInstances", Members);
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", $"{Groups}/backend");
    }

    [Fact]
    public async Task A_managed_group_without_a_template_is_never_stable_and_says_why()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers", """{"name":"bare","targetSize":1}""");
        var errors = await cloud.UntilAsync("zones/us-west1-b/instanceGroupManagers/bare/listErrors", list => list.Objects("items").Any());
        Assert.Contains("has no instance template", errors.ToJsonString(), StringComparison.Ordinal);
        Assert.False((await cloud.GetAsync("zones/us-west1-b/instanceGroupManagers/bare")).Object("status")!.Flag("isStable"));
    }

    private static async Task<TestCloud> StartAsync()
    {
        var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync("one");
        await cloud.DoAsync("POST", "zones/us-west1-b/instances?sourceInstanceTemplate=global/instanceTemplates/one", """{"name":"vm"}""");
        await cloud.DoAsync("POST", Groups, """{"name":"mine","namedPorts":[{"name":"http","port":8080}]}""");
        return cloud;
    }
}
