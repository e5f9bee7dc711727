using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class RegionalGroupTests
{
    private const string Group = "regions/us-west1/instanceGroupManagers/web";

    [Fact]
    public async Task A_group_of_a_region_spreads_evenly_over_its_zones()
    {
        await using var cloud = await StartAsync(size: 4);
        var group = await cloud.GetAsync(Group);

        Assert.Equal([2, 1, 1], (await MembersAsync(cloud)).CountBy(ZoneOf).Select(z => z.Value).OrderDescending());
        Assert.Equal(["us-west1-a", "us-west1-b", "us-west1-c"], group.Object("distributionPolicy")!.Objects("zones").Select(z => ResourceLink.LastSegment(z.Text("zone")!)));
        Assert.Equal((cloud.Base + "regions/us-west1", (string?)null), (group.Text("region"), group.Text("zone")));
        Assert.Equal(("PROACTIVE", 3, 3), (group.Object("updatePolicy")!.Text("instanceRedistributionType"),
            group.Object("updatePolicy")!.Object("maxSurge")!.Integer("fixed"), group.Object("updatePolicy")!.Object("maxUnavailable")!.Integer("fixed")));
        var created = (await cloud.GetAsync("zones/us-west1-a/instances")).Objects("items").First().Object("metadata")!.Objects("items").Single(i => i.Text("key") == "created-by");
        Assert.EndsWith("/regions/us-west1/instanceGroupManagers/web", created.Text("value"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_instance_group_can_be_read_and_not_made_or_deleted_by_itself()
    {
        await using var cloud = await StartAsync(size: 3);
        await cloud.DoAsync("POST", "regions/us-west1/instanceGroups/web/setNamedPorts", """{"namedPorts":[{"name":"http","port":80}]}""");

        var twin = await cloud.GetAsync("regions/us-west1/instanceGroups/web");
        Assert.Equal((3, 80), (twin.Integer("size"), twin.Objects("namedPorts").Single().Integer("port")));
        Assert.Equal("compute#regionInstanceGroupList", (await cloud.GetAsync("regions/us-west1/instanceGroups")).Text("kind"));
        var listed = (await cloud.SendAsync("POST", "regions/us-west1/instanceGroups/web/listInstances", "{}")).Body;
        Assert.Equal((3, "compute#regionInstanceGroupsListInstances"), (listed.Objects("items").Count(), listed.Text("kind")));
        Assert.Contains("compute.instanceGroups.insert", (await cloud.RefusedAsync(501, "notImplemented", "POST", "regions/us-west1/instanceGroups", """{"name":"mine"}"""))[0], StringComparison.Ordinal);
        await cloud.RefusedAsync(501, "notImplemented", "DELETE", "regions/us-west1/instanceGroups/web");
        Assert.Equal("compute#regionAutoscalerList", (await cloud.GetAsync("regions/us-west1/autoscalers")).Text("kind"));
    }

    [Fact]
    public async Task Shrinking_takes_from_the_fullest_zones_and_growing_fills_the_emptiest()
    {
        await using var cloud = await StartAsync(size: 6);

        await cloud.DoAsync("POST", $"{Group}/resize?size=3");
        await WhenStableAsync(cloud);
        Assert.Equal([1, 1, 1], (await MembersAsync(cloud)).CountBy(ZoneOf).Select(z => z.Value));

        await cloud.DoAsync("POST", $"{Group}/resize?size=5");
        await WhenStableAsync(cloud);
        Assert.Equal([2, 2, 1], (await MembersAsync(cloud)).CountBy(ZoneOf).Select(z => z.Value).OrderDescending());
    }

    [Theory]
    [InlineData("PROACTIVE", new[] { 2, 1, 1 })]
    [InlineData("NONE", new[] { 2, 2 })]
    public async Task Instances_move_to_a_zone_that_lost_its_own_unless_told_not_to(string redistribution, int[] wanted)
    {
        await using var cloud = await StartAsync(size: 6, $$""" ,"updatePolicy":{"instanceRedistributionType":"{{redistribution}}"} """);
        var lost = (await MembersAsync(cloud)).Where(m => ZoneOf(m) == "us-west1-c").Select(m => m.Text("instance")!);

        await cloud.DoAsync("POST", $"{Group}/deleteInstances", new JsonObject { ["instances"] = new JsonArray([.. lost.Select(l => (JsonNode)l)]) }.ToJsonString());
        await WhenStableAsync(cloud);

        Assert.Equal(4, (await cloud.GetAsync(Group)).Integer("targetSize"));
        Assert.Equal(wanted, (await MembersAsync(cloud)).CountBy(ZoneOf).Select(z => z.Value).OrderDescending());
    }

    [Fact]
    public async Task A_rolling_update_leaves_every_zone_as_full_as_it_was()
    {
        await using var cloud = await StartAsync(size: 3);
        await cloud.AddTemplateAsync("next");

        await cloud.DoAsync("PATCH", Group, """{"versions":[{"instanceTemplate":"global/instanceTemplates/next"}],"updatePolicy":{"type":"PROACTIVE","maxSurge":{"fixed":3},"maxUnavailable":{"fixed":0}}}""");
        await WhenStableAsync(cloud);

        var members = await MembersAsync(cloud);
        Assert.All(members, m => Assert.EndsWith("/next", m.Object("version")!.Text("instanceTemplate"), StringComparison.Ordinal));
        Assert.Equal([1, 1, 1], members.CountBy(ZoneOf).Select(z => z.Value));
    }

    [Fact]
    public async Task A_recreated_member_keeps_its_name_and_zone_and_a_wrong_zone_names_no_member()
    {
        await using var cloud = await StartAsync(size: 3);
        var member = (await MembersAsync(cloud))[0];

        await cloud.DoAsync("POST", $"{Group}/recreateInstances", $$"""{"instances":["{{member.Text("instance")}}"]}""");
        await WhenStableAsync(cloud);
        var again = (await MembersAsync(cloud)).Single(m => m.Text("instance") == member.Text("instance"));
        Assert.NotEqual(member.Text("id"), again.Text("id"));
        var elsewhere = member.Text("instance")!.Replace($"/zones/{ZoneOf(member)}/", "/zones/us-east1-b/", StringComparison.Ordinal);
        Assert.Contains("not a member", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Group}/recreateInstances", $$"""{"instances":["{{elsewhere}}"]}"""))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abandoned_instance_lives_on_and_a_created_one_has_the_name_that_was_asked_for()
    {
        await using var cloud = await StartAsync(size: 3);
        var member = (await MembersAsync(cloud))[0];

        await cloud.DoAsync("POST", $"{Group}/abandonInstances", $$"""{"instances":["{{member.Text("instance")}}"]}""");
        await cloud.DoAsync("POST", $"{Group}/createInstances", """{"instances":[{"name":"web-mine"}]}""");
        await WhenStableAsync(cloud);

        Assert.Equal("RUNNING", (await cloud.GetAsync(member.Text("instance")!)).Text("status"));
        var members = await MembersAsync(cloud);
        Assert.DoesNotContain(members, m => m.Text("name") == member.Text("name"));
        Assert.Equal(ZoneOf(member), ZoneOf(members.Single(m => m.Text("name") == "web-mine"))); // Where one was missing.
        Assert.Equal(3, (await cloud.GetAsync(Group)).Integer("targetSize"));
        await cloud.RefusedAsync(409, "alreadyExists", "POST", $"{Group}/createInstances", """{"instances":[{"name":"web-mine"}]}""");
    }

    [Theory]
    [InlineData("NONE", true)]
    [InlineData("REPLACE", false)]
    public async Task An_update_that_is_asked_for_is_done_to_the_named_instances_only(string minimalAction, bool isSameInstance)
    {
        await using var cloud = await StartAsync(size: 3);
        await cloud.AddTemplateAsync("next"); // The same but for its name.
        await cloud.DoAsync("PATCH", Group, """{"versions":[{"instanceTemplate":"global/instanceTemplates/next"}]}""");
        var member = (await MembersAsync(cloud))[0];

        await cloud.DoAsync("POST", $"{Group}/applyUpdatesToInstances", $$"""{"instances":["{{member.Text("instance")}}"],"minimalAction":"{{minimalAction}}"}""");
        await WhenStableAsync(cloud);

        var members = await MembersAsync(cloud);
        Assert.Equal(member.Text("instance"), Assert.Single(members, m => m.Object("version")!.Text("instanceTemplate")!.EndsWith("/next", StringComparison.Ordinal)).Text("instance"));
        Assert.Equal(isSameInstance, members.Single(m => m.Text("instance") == member.Text("instance")).Text("id") == member.Text("id"));
        await cloud.RefusedAsync(400, "invalid", "POST", $"{Group}/applyUpdatesToInstances", """{"allInstances":true,"minimalAction":"EXPLODE"}""");
    }

    [Fact]
    public async Task What_a_zone_cannot_have_is_refused_all_at_once()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync();
        var problems = await cloud.RefusedAsync(400, "invalid", "POST", "regions/us-west1/instanceGroupManagers",
            """
            {"name":"web","targetSize":3,"instanceTemplate":"global/instanceTemplates/primecalc","updatePolicy":{"maxSurge":{"fixed":1}},
             "distributionPolicy":{"targetShape":"ANY_SINGLE_ZONE","zones":[{"zone":"zones/us-west1-a"},{"zone":"zones/us-east1-b"}]}}
            """);
        Assert.Equal(3, problems.Length);
        Assert.Contains(problems, p => p.Contains("Must be a zone of region 'us-west1'", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("at least the number of the group's zones, 2", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("EVEN, BALANCED or ANY", StringComparison.Ordinal));
        await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-west1-b/instanceGroupManagers",
            """{"name":"web","targetSize":1,"instanceTemplate":"global/instanceTemplates/primecalc","distributionPolicy":{"targetShape":"EVEN"}}""");
    }

    [Fact]
    public async Task A_backend_service_takes_a_group_of_its_region_and_holds_it()
    {
        await using var cloud = await StartAsync(size: 3);
        await cloud.DoAsync("POST", "global/healthChecks", """{"name":"check","type":"TCP"}""");
        await cloud.DoAsync("POST", "regions/us-west1/backendServices",
            $$"""{"name":"service","loadBalancingScheme":"INTERNAL","healthChecks":["global/healthChecks/check"],"backends":[{"group":"{{cloud.Base}}regions/us-west1/instanceGroups/web"}]}""");
        await cloud.DoAsync("POST", "regions/us-west1/forwardingRules", """{"name":"rule","loadBalancingScheme":"INTERNAL","ports":["80"],"backendService":"service"}""");

        var health = (await cloud.SendAsync("POST", "regions/us-west1/backendServices/service/getHealth", $$"""{"group":"{{cloud.Base}}regions/us-west1/instanceGroups/web"}""")).Body;
        Assert.Equal(3, health.Objects("healthStatus").Count());
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", Group);
        await cloud.DoAsync("DELETE", "regions/us-west1/forwardingRules/rule");
        await cloud.DoAsync("DELETE", "regions/us-west1/backendServices/service");
        await cloud.DoAsync("DELETE", Group);
        Assert.DoesNotContain((await cloud.GetAsync("aggregated/instances")).Object("items")!, scope => scope.Value!["instances"] is not null);
    }

    private static async Task<TestCloud> StartAsync(int size, string more = "")
    {
        var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync();
        await cloud.DoAsync("POST", "regions/us-west1/instanceGroupManagers", $$"""{"name":"web","targetSize":{{size}},"instanceTemplate":"global/instanceTemplates/primecalc"{{more}}}""");
        await WhenStableAsync(cloud);
        return cloud;
    }

    private static Task<JsonObject> WhenStableAsync(TestCloud cloud) => cloud.UntilAsync(Group, group => group.Object("status")!.Flag("isStable") is true);

    private static async Task<List<JsonObject>> MembersAsync(TestCloud cloud) =>
        [.. (await cloud.SendAsync("POST", $"{Group}/listManagedInstances")).Body.Objects("managedInstances")];

    private static string ZoneOf(JsonObject member) => member.Text("instance")!.Split("/zones/")[1].Split('/')[0];
}
