using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class ManagedGroupTests
{
    private const string Group = "zones/us-west1-b/instanceGroupManagers/backend";

    [Fact]
    public async Task A_group_makes_as_many_instances_as_it_was_asked_for()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(3);
        var group = await cloud.UntilAsync(Group, g => g.Object("status")!.Flag("isStable") is true);
        Assert.Equal("backend", group.Text("baseInstanceName"));
        Assert.Equal(("OPPORTUNISTIC", 1L), (group.Object("updatePolicy")!.Text("type"), group.Object("updatePolicy")!.Object("maxSurge")!.Integer("calculated")));
        Assert.Equal(3, group.Object("currentActions")!.Integer("none"));

        var (_, listed) = await cloud.SendAsync("POST", $"{Group}/listManagedInstances");
        var members = listed.Objects("managedInstances").ToList();
        Assert.Equal(3, members.Count);
        Assert.All(members, m => Assert.Equal(("RUNNING", "NONE"), (m.Text("instanceStatus"), m.Text("currentAction"))));
        var instance = await cloud.GetAsync(members[0].Text("instance")!);
        Assert.EndsWith("/zones/us-west1-b/instanceGroupManagers/backend", instance.Object("metadata")!.Objects("items").Single(i => i.Text("key") == "created-by").Text("value"), StringComparison.Ordinal);

        var twin = await cloud.GetAsync("zones/us-west1-b/instanceGroups/backend");
        Assert.Equal(3, twin.Integer("size"));
        Assert.Equal(cloud.Base + "regions/us-west1/subnetworks/default", twin.Text("subnetwork"));
    }

    [Fact]
    public async Task Resize_and_deleteInstances_change_the_size()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(3);
        await cloud.UntilAsync(Group, g => g.Object("status")!.Flag("isStable") is true);
        await cloud.DoAsync("POST", $"{Group}/resize?size=2");
        await cloud.UntilAsync(Group, g => g.Object("status")!.Flag("isStable") is true);
        var left = (await cloud.GetAsync("zones/us-west1-b/instances")).Objects("items").Select(i => i.Text("name")!).ToList();
        Assert.Equal(2, left.Count);

        await cloud.DoAsync("POST", $"{Group}/deleteInstances", $$"""{"instances":["zones/us-west1-b/instances/{{left[0]}}"]}""");
        await cloud.UntilAsync(Group, g => g.Object("status")!.Flag("isStable") is true);
        Assert.Equal([left[1]], (await cloud.GetAsync("zones/us-west1-b/instances")).Objects("items").Select(i => i.Text("name")));
        Assert.Equal(1, (await cloud.GetAsync(Group)).Integer("targetSize"));
    }

    [Fact]
    public async Task Deleting_a_group_takes_its_instances_with_it()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(2);
        Assert.Equal(["The instance_template resource 'projects/test-project/global/instanceTemplates/primecalc' is already being used by 'projects/test-project/zones/us-west1-b/instanceGroupManagers/backend'"],
            await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", "global/instanceTemplates/primecalc"));
        await cloud.DoAsync("DELETE", Group);
        Assert.Empty((await cloud.GetAsync("zones/us-west1-b/instances")).Objects("items"));
        await cloud.RefusedAsync(404, "notFound", "GET", "zones/us-west1-b/instanceGroups/backend");
        await cloud.DoAsync("DELETE", "global/instanceTemplates/primecalc");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task An_impossible_size_is_refused(int size)
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync();
        Assert.Equal([$"Invalid value for field 'resource.targetSize': '{size}'. Must be a whole number from 0 to 1000."],
            await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-west1-b/instanceGroupManagers", $$"""{"name":"backend","targetSize":{{size}},"instanceTemplate":"global/instanceTemplates/primecalc"}"""));
    }

    [Fact]
    public async Task A_template_whose_network_is_not_in_the_region_makes_no_group_at_all()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/networks", """{"name":"custom","autoCreateSubnetworks":false}""");
        await cloud.AddTemplateAsync(network: "global/networks/custom");
        Assert.Contains("has none in region 'us-west1'", Assert.Single(await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-west1-b/instanceGroupManagers",
            """{"name":"backend","targetSize":1,"instanceTemplate":"global/instanceTemplates/primecalc"}""")), StringComparison.Ordinal);
        await cloud.RefusedAsync(404, "notFound", "GET", Group);
    }

    [Fact]
    public async Task Patching_the_versions_changes_the_template()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(1);
        await cloud.AddTemplateAsync("primecalc-2");
        await cloud.DoAsync("PATCH", Group, """{"versions":[{"instanceTemplate":"global/instanceTemplates/primecalc-2"}],"updatePolicy":{"type":"PROACTIVE","maxUnavailable":{"fixed":0}}}""");
        var group = await cloud.GetAsync(Group);
        Assert.Equal(cloud.Base + "global/instanceTemplates/primecalc-2", group.Text("instanceTemplate"));
        Assert.Equal(("PROACTIVE", 0L, "SUBSTITUTE"),
            (group.Object("updatePolicy")!.Text("type"), group.Object("updatePolicy")!.Object("maxUnavailable")!.Integer("calculated"), group.Object("updatePolicy")!.Text("replacementMethod")));
        await cloud.UntilAsync(Group, g => g.Object("status")!.Object("versionTarget")!.Flag("isReached") is true && g.Object("status")!.Flag("isStable") is true);
    }
}
