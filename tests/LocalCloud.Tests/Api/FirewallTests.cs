using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class FirewallTests
{
    private const string Http = """{"name":"http","network":"global/networks/default","allowed":[{"IPProtocol":"tcp","ports":["80"]}],"sourceRanges":["10.138.0.0/20"],"targetTags":["backend"],"future":{"field":1}}""";

    [Fact]
    public async Task Insert_fills_in_the_defaults_of_the_server_and_keeps_what_it_does_not_know()
    {
        await using var cloud = await TestCloud.StartAsync();
        var operation = await cloud.DoAsync("POST", "global/firewalls", Http);
        var rule = await cloud.GetAsync("global/firewalls/http");

        Assert.Equal("compute#firewall", rule.Text("kind"));
        Assert.Equal(19, rule.Text("id")!.Length);
        Assert.Equal((1000, "INGRESS", false), (rule.Integer("priority"), rule.Text("direction"), rule.Flag("disabled")));
        Assert.False(rule.Object("logConfig")!.Flag("enable"));
        Assert.Equal(cloud.Base + "global/networks/default", rule.Text("network"));
        Assert.Equal(cloud.Base + "global/firewalls/http", rule.Text("selfLink"));
        Assert.Equal(1, rule.Object("future")!.Integer("field"));
        Assert.Equal(("insert", rule.Text("id"), rule.Text("selfLink")), (operation.Text("operationType"), operation.Text("targetId"), operation.Text("targetLink")));
        Assert.False(rule.ContainsKey("$local"));
    }

    [Fact]
    public async Task Everything_wrong_with_a_rule_is_said_at_once()
    {
        await using var cloud = await TestCloud.StartAsync();
        var messages = await cloud.RefusedAsync(400, "invalid", "POST", "global/firewalls",
            """{"name":"Http","priority":70000,"allowed":[{"IPProtocol":"tcp","ports":["80-70"]}],"sourceRanges":["10.138.0.300/20"]}""");

        Assert.Collection(messages,
            m => Assert.StartsWith("Invalid value for field 'resource.name': 'Http'. Must be a match of regex", m, StringComparison.Ordinal),
            m => Assert.Equal("Invalid value for field 'resource.priority': '70000'. Must be a whole number from 0 to 65535.", m),
            m => Assert.StartsWith("Invalid value for field 'resource.allowed[0].ports[0]': '80-70'.", m, StringComparison.Ordinal),
            m => Assert.StartsWith("Invalid value for field 'resource.sourceRanges[0]': '10.138.0.300/20'.", m, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Patch_changes_what_it_names_and_nothing_else()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/firewalls", Http);
        await cloud.DoAsync("PATCH", "global/firewalls/http", """{"disabled":true}""");
        var rule = await cloud.GetAsync("global/firewalls/http");
        Assert.True(rule.Flag("disabled"));
        Assert.Equal(["10.138.0.0/20"], rule.Texts("sourceRanges"));

        var message = Assert.Single(await cloud.RefusedAsync(400, "invalid", "PATCH", "global/firewalls/http", """{"direction":"EGRESS","sourceRanges":null,"targetTags":["x"]}"""));
        Assert.Equal("Invalid value for field 'resource.direction': 'EGRESS'. direction cannot be changed; it is 'INGRESS'.", message);
    }

    [Fact]
    public async Task A_rule_exists_once_and_is_gone_after_its_deletion()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/firewalls", Http);
        Assert.Equal(["The resource 'projects/test-project/global/firewalls/http' already exists"], await cloud.RefusedAsync(409, "alreadyExists", "POST", "global/firewalls", Http));
        await cloud.DoAsync("DELETE", "global/firewalls/http");
        Assert.Equal(["The resource 'projects/test-project/global/firewalls/http' was not found"], await cloud.RefusedAsync(404, "notFound", "GET", "global/firewalls/http"));
    }

    [Fact]
    public async Task A_new_project_has_the_default_network_with_a_subnetwork_in_every_region_and_four_rules()
    {
        await using var cloud = await TestCloud.StartAsync();
        var network = await cloud.GetAsync("global/networks/default");
        Assert.Equal(41, network.Texts("subnetworks").Count());
        var subnetwork = await cloud.GetAsync("regions/us-west1/subnetworks/default");
        Assert.Equal(("10.138.0.0/20", "10.138.0.1", false), (subnetwork.Text("ipCidrRange"), subnetwork.Text("gatewayAddress"), subnetwork.Flag("privateIpGoogleAccess")));
        var rules = await cloud.GetAsync("global/firewalls");
        Assert.Equal(["default-allow-icmp", "default-allow-internal", "default-allow-rdp", "default-allow-ssh"], rules.Objects("items").Select(r => r.Text("name")));
    }
}
