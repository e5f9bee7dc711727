using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class LoadBalancerTests
{
    private const string Rule = """{"name":"prime-lb","loadBalancingScheme":"INTERNAL","IPAddress":"10.138.0.10","ports":["80"],"network":"global/networks/default","backendService":"regions/us-west1/backendServices/prime-service"}""";

    private static async Task<TestCloud> StartAsync()
    {
        var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(2);
        await cloud.DoAsync("POST", "global/healthChecks", """{"name":"ilb-health","type":"HTTP","httpHealthCheck":{"requestPath":"/2"}}""");
        await cloud.DoAsync("POST", "regions/us-west1/backendServices", """{"name":"prime-service","loadBalancingScheme":"INTERNAL","protocol":"TCP","healthChecks":["global/healthChecks/ilb-health"]}""");
        return cloud;
    }

    private static async Task AddBackendAsync(TestCloud cloud)
    {
        var service = await cloud.GetAsync("regions/us-west1/backendServices/prime-service");
        service["backends"] = new JsonArray(new JsonObject { ["group"] = cloud.Base + "zones/us-west1-b/instanceGroups/backend" });
        await cloud.DoAsync("PUT", "regions/us-west1/backendServices/prime-service", service.ToJsonString());
    }

    [Fact]
    public async Task A_whole_service_can_be_put_back_with_one_backend_more()
    {
        await using var cloud = await StartAsync();
        var before = await cloud.GetAsync("regions/us-west1/backendServices/prime-service");
        Assert.False(before.ContainsKey("backends"));
        await AddBackendAsync(cloud);
        var after = await cloud.GetAsync("regions/us-west1/backendServices/prime-service");
        Assert.Equal("CONNECTION", after.Objects("backends").Single().Text("balancingMode"));
        Assert.Equal(before.Text("id"), after.Text("id"));
        Assert.NotEqual(before.Text("fingerprint"), after.Text("fingerprint"));
        await cloud.RefusedAsync(412, "conditionNotMet", "PUT", "regions/us-west1/backendServices/prime-service", before.ToJsonString());
    }

    [Fact]
    public async Task What_is_in_use_cannot_be_deleted_and_goes_in_order()
    {
        await using var cloud = await StartAsync();
        await AddBackendAsync(cloud);
        await cloud.DoAsync("POST", "regions/us-west1/addresses", """{"name":"prime-address","addressType":"INTERNAL","address":"10.138.0.10","subnetwork":"regions/us-west1/subnetworks/default"}""");
        Assert.Equal("RESERVED", (await cloud.GetAsync("regions/us-west1/addresses/prime-address")).Text("status"));
        await cloud.DoAsync("POST", "regions/us-west1/forwardingRules", Rule);
        var address = await cloud.GetAsync("regions/us-west1/addresses/prime-address");
        Assert.Equal("IN_USE", address.Text("status"));
        Assert.Equal([cloud.Base + "regions/us-west1/forwardingRules/prime-lb"], address.Texts("users"));

        foreach (var (path, what, user) in ((string, string, string)[])
        [
            ("regions/us-west1/addresses/prime-address", "address", "regions/us-west1/forwardingRules/prime-lb"),
            ("regions/us-west1/backendServices/prime-service", "backend_service", "regions/us-west1/forwardingRules/prime-lb"),
            ("zones/us-west1-b/instanceGroupManagers/backend", "instance_group_manager", "regions/us-west1/backendServices/prime-service"),
            ("global/healthChecks/ilb-health", "health_check", "regions/us-west1/backendServices/prime-service"),
        ])
        {
            Assert.Equal([$"The {what} resource 'projects/test-project/{path}' is already being used by 'projects/test-project/{user}'"],
                await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", path));
        }
        foreach (var path in (string[])["regions/us-west1/forwardingRules/prime-lb", "regions/us-west1/backendServices/prime-service", "zones/us-west1-b/instanceGroupManagers/backend",
            "global/healthChecks/ilb-health", "global/instanceTemplates/primecalc", "regions/us-west1/addresses/prime-address"])
            await cloud.DoAsync("DELETE", path);
    }

    [Fact]
    public async Task A_rule_gets_the_defaults_of_the_server()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", "regions/us-west1/forwardingRules", Rule);
        var rule = await cloud.GetAsync("regions/us-west1/forwardingRules/prime-lb");
        Assert.Equal(("TCP", "PREMIUM", false), (rule.Text("IPProtocol"), rule.Text("networkTier"), rule.Flag("allowGlobalAccess")));
        Assert.Equal(cloud.Base + "regions/us-west1/subnetworks/default", rule.Text("subnetwork"));
    }

    [Theory]
    [InlineData("10.139.0.10", "The IP address must be within the range 10.138.0.0/20")]
    [InlineData("10.138.0.1", "without its first two and last two addresses")]
    [InlineData("10.138.0.2", "IP '10.138.0.2' is already being used by another resource")]
    public async Task An_address_that_cannot_be_had_is_refused(string address, string because)
    {
        await using var cloud = await StartAsync();
        var (status, body) = await cloud.SendAsync("POST", "regions/us-west1/forwardingRules", Rule.Replace("10.138.0.10", address, StringComparison.Ordinal));
        Assert.Equal(400, (int)status);
        Assert.Contains(because, body.Object("error")!.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reserved_address_is_given_to_no_instance()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "regions/us-west1/addresses", """{"name":"a","addressType":"INTERNAL","address":"10.138.0.2","subnetwork":"regions/us-west1/subnetworks/default"}""");
        await cloud.DoAsync("POST", "regions/us-west1/addresses", """{"name":"b","addressType":"INTERNAL","subnetwork":"regions/us-west1/subnetworks/default"}""");
        Assert.Equal("10.138.0.3", (await cloud.GetAsync("regions/us-west1/addresses/b")).Text("address"));
        await cloud.AddGroupAsync(1);
        var instance = (await cloud.UntilAsync("zones/us-west1-b/instances", l => l.Objects("items").Any())).Objects("items").Single();
        Assert.Equal("10.138.0.4", instance.Objects("networkInterfaces").Single().Text("networkIP"));
    }

    [Fact]
    public async Task Health_is_unknown_before_a_rule_and_told_for_every_member_after()
    {
        await using var cloud = await StartAsync();
        await AddBackendAsync(cloud);
        await cloud.UntilAsync("zones/us-west1-b/instanceGroupManagers/backend", g => g.Object("status")!.Flag("isStable") is true);
        var question = $$"""{"group":"{{cloud.Base}}zones/us-west1-b/instanceGroups/backend"}""";
        Assert.False((await cloud.SendAsync("POST", "regions/us-west1/backendServices/prime-service/getHealth", question)).Body.ContainsKey("healthStatus"));
        await cloud.DoAsync("POST", "regions/us-west1/forwardingRules", Rule);
        var states = (await cloud.SendAsync("POST", "regions/us-west1/backendServices/prime-service/getHealth", question)).Body.Objects("healthStatus").ToList();
        Assert.Equal(2, states.Count);
        Assert.All(states, s => Assert.Equal(("10.138.0.10", 80L), (s.Text("forwardingRuleIp"), s.Integer("port"))));
    }
}
