using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

/// <summary>What the API says of internal Application Load Balancers; what their proxies do is in Control/ApplicationLoadBalancerTests.</summary>
public sealed class ManagedLoadBalancerTests
{
    private const string Region = "regions/us-west1";

    [Fact]
    public async Task Every_part_shows_the_defaults_of_the_server()
    {
        await using var cloud = await StartAsync();
        var service = await cloud.GetAsync($"{Region}/backendServices/web");
        Assert.Equal(("HTTP", "http", "ROUND_ROBIN", 30), (service.Text("protocol"), service.Text("portName"), service.Text("localityLbPolicy"), service.Integer("timeoutSec")));
        var rule = await cloud.GetAsync($"{Region}/forwardingRules/rule");
        Assert.Equal(("80-80", "TCP", "10.138.0.20"), (rule.Text("portRange"), rule.Text("IPProtocol"), rule.Text("IPAddress")));
        Assert.Equal(cloud.Base + $"{Region}/targetHttpProxies/proxy", rule.Text("target"));
        var subnetwork = await cloud.GetAsync($"{Region}/subnetworks/proxies");
        Assert.Equal(("REGIONAL_MANAGED_PROXY", "ACTIVE"), (subnetwork.Text("purpose"), subnetwork.Text("role")));
        Assert.NotNull((await cloud.GetAsync($"{Region}/urlMaps/map")).Text("fingerprint"));
    }

    [Fact]
    public async Task Each_part_holds_the_one_below_it()
    {
        await using var cloud = await StartAsync();
        foreach (var used in (string[])["backendServices/web", "urlMaps/map", "targetHttpProxies/proxy", "subnetworks/proxies", "healthChecks/check"])
            await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", $"{Region}/{used}");
        foreach (var part in (string[])["forwardingRules/rule", "targetHttpProxies/proxy", "urlMaps/map", "backendServices/web", "healthChecks/check", "subnetworks/proxies"])
            await cloud.DoAsync("DELETE", $"{Region}/{part}");
    }

    [Fact]
    public async Task A_forwarding_rule_needs_proxies_and_a_target_and_one_port()
    {
        await using var cloud = await StartAsync();
        Assert.Contains("An active proxy-only subnetwork is required", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/forwardingRules",
            """{"name":"far","loadBalancingScheme":"INTERNAL_MANAGED","portRange":"80","network":"global/networks/elsewhere","target":"regions/us-west1/targetHttpProxies/proxy"}"""))[0], StringComparison.Ordinal);
        var problems = await cloud.RefusedAsync(400, "required", "POST", $"{Region}/forwardingRules",
            """{"name":"bad","loadBalancingScheme":"INTERNAL_MANAGED","portRange":"80-90","backendService":"web"}""");
        Assert.Equal(3, problems.Length);
    }

    [Fact]
    public async Task A_service_of_another_scheme_can_be_made_and_no_rule_leads_to_it()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", $"{Region}/backendServices", """{"name":"external","loadBalancingScheme":"EXTERNAL","protocol":"HTTP","backends":null,"healthChecks":["regions/us-west1/healthChecks/check"]}""");
        Assert.Equal(("http", 80), ((await cloud.GetAsync($"{Region}/backendServices/external")).Text("portName"), (await cloud.GetAsync($"{Region}/backendServices/external")).Integer("port")));
        Assert.False((await cloud.GetAsync($"{Region}/backendServices/external")).ContainsKey("backends"));
        await cloud.DoAsync("POST", $"{Region}/urlMaps", """{"name":"outside","defaultService":"external"}""");
        await cloud.DoAsync("POST", $"{Region}/targetHttpProxies", $$"""{"name":"outside","urlMap":"{{Region}}/urlMaps/outside"}""");
        Assert.Contains("is not INTERNAL_MANAGED", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/forwardingRules/rule/setTarget", $$"""{"target":"{{Region}}/targetHttpProxies/outside"}"""))[0], StringComparison.Ordinal);
        Assert.Contains("is not INTERNAL_MANAGED", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/forwardingRules",
            $$"""{"name":"out","loadBalancingScheme":"INTERNAL_MANAGED","portRange":"80","target":"{{Region}}/targetHttpProxies/outside"}"""))[0], StringComparison.Ordinal);
        await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/forwardingRules", $$"""{"name":"out","loadBalancingScheme":"EXTERNAL","portRange":"80","target":"{{Region}}/targetHttpProxies/outside"}""");
    }

    [Fact]
    public async Task A_forwarding_rule_and_a_proxy_can_be_led_elsewhere()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", $"{Region}/urlMaps", """{"name":"next","defaultService":"web"}""");
        await cloud.DoAsync("POST", $"{Region}/targetHttpProxies/proxy/setUrlMap", $$"""{"urlMap":"{{Region}}/urlMaps/next"}""");
        await cloud.DoAsync("POST", $"{Region}/targetHttpProxies", $$"""{"name":"second","urlMap":"{{Region}}/urlMaps/map"}""");
        await cloud.DoAsync("POST", $"{Region}/forwardingRules/rule/setTarget", $$"""{"target":"{{Region}}/targetHttpProxies/second"}""");
        Assert.EndsWith("/next", (await cloud.GetAsync($"{Region}/targetHttpProxies/proxy")).Text("urlMap"), StringComparison.Ordinal);
        Assert.EndsWith("/second", (await cloud.GetAsync($"{Region}/forwardingRules/rule")).Text("target"), StringComparison.Ordinal);
        await cloud.DoAsync("DELETE", $"{Region}/targetHttpProxies/proxy");
    }

    [Fact]
    public async Task A_url_map_with_mistakes_is_refused_with_all_of_them()
    {
        await using var cloud = await StartAsync();
        var problems = await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/urlMaps",
            """
            {"name":"bad","defaultService":"web","hostRules":[{"hosts":["a_b!","shop.*"],"pathMatcher":"nowhere"}],
             "pathMatchers":[{"name":"unused","defaultService":"web","pathRules":[{"paths":["cart","/a*b","/x","/x"],"service":"web"}]}],
             "tests":[{"host":"shop","path":"/x","service":"other"}]}
            """);
        foreach (var expected in (string[])["'a_b!'", "'shop.*'", "no such path matcher", "No host rule names", "'cart'", "'/a*b'", "listed twice", "Test failure", "backendServices/other' was not found"])
            Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validate_tells_of_mistakes_and_of_failing_tests_without_making_the_map()
    {
        await using var cloud = await StartAsync();
        async Task<JsonObject> ValidateAsync(string map) => (await cloud.SendAsync("POST", $"{Region}/urlMaps/draft/validate", $$"""{"resource":{{map}}}""")).Body.Object("result")!;

        var good = await ValidateAsync("""{"name":"draft","defaultService":"web","tests":[{"host":"a","path":"/","service":"web"}]}""");
        Assert.Equal((true, true), (good.Flag("loadSucceeded"), good.Flag("testPassed")));
        await cloud.DoAsync("POST", $"{Region}/backendServices", """{"name":"other","loadBalancingScheme":"INTERNAL_MANAGED","healthChecks":["regions/us-west1/healthChecks/check"]}""");
        var failing = await ValidateAsync("""{"name":"draft","defaultService":"web","tests":[{"host":"a","path":"/","service":"other"}]}""");
        Assert.Equal((true, false), (failing.Flag("loadSucceeded"), failing.Flag("testPassed")));
        Assert.EndsWith("/web", failing.Objects("testFailures").Single().Text("actualService"), StringComparison.Ordinal);
        var broken = await ValidateAsync("""{"name":"draft","defaultService":"nowhere"}""");
        Assert.False(broken.Flag("loadSucceeded"));
        Assert.Contains("nowhere", broken.Texts("loadErrors").Single(), StringComparison.Ordinal);
        await cloud.RefusedAsync(404, "notFound", "GET", $"{Region}/urlMaps/draft");
    }

    [Fact]
    public async Task No_machine_gets_an_address_of_the_proxies()
    {
        await using var cloud = await StartAsync();
        Assert.Contains("it must be PRIVATE", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/addresses", $$"""{"name":"a","addressType":"INTERNAL","subnetwork":"{{Region}}/subnetworks/proxies"}"""))[0], StringComparison.Ordinal);
        Assert.Contains("is the active proxy-only subnetwork", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/subnetworks",
            """{"name":"more","network":"global/networks/default","ipCidrRange":"10.6.0.0/23","purpose":"REGIONAL_MANAGED_PROXY","role":"ACTIVE"}"""))[0], StringComparison.Ordinal);
        Assert.Contains("outside 10.128.0.0/9", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/subnetworks", """{"name":"more","network":"global/networks/default","ipCidrRange":"10.255.0.0/24"}"""))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_service_behind_proxies_takes_a_check_of_the_serving_port()
    {
        await using var cloud = await StartAsync();
        Assert.Contains("USE_FIXED_PORT", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/backendServices",
            """{"name":"pass","loadBalancingScheme":"INTERNAL","healthChecks":["regions/us-west1/healthChecks/check"]}"""))[0], StringComparison.Ordinal);
        await cloud.DoAsync("POST", "global/healthChecks", """{"name":"global","type":"TCP"}""");
        Assert.Contains("needs a health check of its region", (await cloud.RefusedAsync(400, "invalid", "POST", $"{Region}/backendServices",
            """{"name":"managed","loadBalancingScheme":"INTERNAL_MANAGED","healthChecks":["global/healthChecks/global"]}"""))[0], StringComparison.Ordinal);
        Assert.Contains("compute.urlMaps.insert", (await cloud.RefusedAsync(501, "notImplemented", "POST", "global/urlMaps", """{"name":"global"}"""))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_in_two_groups_of_a_service_is_healthy_in_both()
    {
        await using var cloud = await StartAsync();
        await cloud.AddTemplateAsync();
        await cloud.DoAsync("POST", "zones/us-west1-b/instances?sourceInstanceTemplate=global/instanceTemplates/primecalc", """{"name":"both"}""");
        var groups = new[] { "one", "two" }.Select(name => $"{cloud.Base}zones/us-west1-b/instanceGroups/{name}").ToArray();
        foreach (var group in groups)
        {
            await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroups", $$"""{"name":"{{ResourceLink.LastSegment(group)}}","namedPorts":[{"name":"http","port":80}]}""");
            await cloud.DoAsync("POST", $"{group}/addInstances", """{"instances":[{"instance":"zones/us-west1-b/instances/both"}]}""");
        }
        await cloud.DoAsync("PATCH", $"{Region}/backendServices/web", $$"""{"backends":[{"group":"{{groups[0]}}"},{"group":"{{groups[1]}}"}]}""");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var group in groups)
        {
            while ((await cloud.SendAsync("POST", $"{Region}/backendServices/web/getHealth", $$"""{"group":"{{group}}"}""")).Body.Objects("healthStatus").Single().Text("healthState") != "HEALTHY")
                await Task.Delay(10, limit.Token);
        }
    }

    private static async Task<TestCloud> StartAsync()
    {
        var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/networks", """{"name":"elsewhere"}""");
        await cloud.DoAsync("POST", $"{Region}/subnetworks", """{"name":"proxies","network":"global/networks/default","ipCidrRange":"10.5.0.0/23","purpose":"REGIONAL_MANAGED_PROXY","role":"ACTIVE"}""");
        await cloud.DoAsync("POST", $"{Region}/healthChecks", """{"name":"check","type":"HTTP","httpHealthCheck":{"portSpecification":"USE_SERVING_PORT"}}""");
        await cloud.DoAsync("POST", $"{Region}/backendServices", """{"name":"web","loadBalancingScheme":"INTERNAL_MANAGED","healthChecks":["regions/us-west1/healthChecks/check"]}""");
        await cloud.DoAsync("POST", $"{Region}/urlMaps", """{"name":"map","defaultService":"web"}""");
        await cloud.DoAsync("POST", $"{Region}/targetHttpProxies", $$"""{"name":"proxy","urlMap":"{{Region}}/urlMaps/map"}""");
        await cloud.DoAsync("POST", $"{Region}/forwardingRules", $$"""{"name":"rule","loadBalancingScheme":"INTERNAL_MANAGED","IPAddress":"10.138.0.20","portRange":"80","target":"{{Region}}/targetHttpProxies/proxy"}""");
        return cloud;
    }
}
