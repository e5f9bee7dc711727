using System.Net;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>Internal Application Load Balancers over real machines: real packets decide. Every test has a load balancer of its own, in front of the same machines.</summary>
public sealed class ApplicationLoadBalancerTests(ApplicationLab shared) : IClassFixture<ApplicationLab>
{
    [NamespacesFact]
    public async Task Requests_come_from_the_proxies_with_what_Google_adds_and_go_to_every_healthy_backend()
    {
        var lab = await shared.StartAsync();
        var address = await lab.BalanceAsync("plain", """ "defaultService":"web" """);
        await lab.WhenHealthyAsync("web", 2);

        var answers = await lab.AskAsync(address, 8, "--header", "X-Forwarded-For: 192.0.2.7", "--header", "Host: shop.example.com", "--include");

        Assert.Equal(2, answers.Select(a => ApplicationLab.Value(a, "server-name")).Distinct().Count());
        Assert.All(answers, answer =>
        {
            Assert.True(IPNetwork.Parse(ApplicationLab.ProxyRange).Contains(IPAddress.Parse(ApplicationLab.Value(answer, "peer"))), answer);
            Assert.Equal("GET /2?a=b%20c HTTP/1.1", ApplicationLab.Value(answer, "request"));
            Assert.Equal($"192.0.2.7,{lab.ClientAddress},{address}", ApplicationLab.Value(answer, "X-Forwarded-For"));
            Assert.Equal("http", ApplicationLab.Value(answer, "X-Forwarded-Proto"));
            Assert.Equal("shop.example.com", ApplicationLab.Value(answer, "Host"));
            Assert.Equal(2, answer.Split("\n").Count(line => line.TrimEnd().Equals("Via: 1.1 google", StringComparison.OrdinalIgnoreCase))); // Told to the backend, and to the client.
        });
    }

    [NamespacesFact]
    public async Task Host_and_path_choose_the_service_and_a_changed_map_counts_at_once()
    {
        var lab = await shared.StartAsync();
        var address = await lab.BalanceAsync("routed",
            """
            "defaultService":"web","hostRules":[{"hosts":["api.example.com"],"pathMatcher":"api"}],
            "pathMatchers":[{"name":"api","defaultService":"web","pathRules":[
              {"paths":["/v1/*"],"service":"api"},
              {"paths":["/old/*"],"urlRedirect":{"prefixRedirect":"/v1/","redirectResponseCode":"FOUND"}},
              {"paths":["/v2/*"],"routeAction":{"weightedBackendServices":[{"backendService":"api","weight":1}],"urlRewrite":{"pathPrefixRewrite":"/v1/"}}}]}]
            """);
        await lab.WhenHealthyAsync("web", 2);
        await lab.WhenHealthyAsync("api", 1);
        async Task<string> NameAsync(string path) => ApplicationLab.Value(await lab.AskAsync($"http://{address}{path}", "--header", "Host: api.example.com"), "server-name");

        Assert.StartsWith("web-", await NameAsync("/"), StringComparison.Ordinal);
        Assert.StartsWith("api-", await NameAsync("/v1/x"), StringComparison.Ordinal);
        Assert.StartsWith("web-", ApplicationLab.Value(await lab.AskAsync($"http://{address}/v1/x"), "server-name"), StringComparison.Ordinal);
        Assert.Equal("GET /v1/x?y HTTP/1.1", ApplicationLab.Value(await lab.AskAsync($"http://{address}/v2/x?y", "--header", "Host: api.example.com"), "request"));
        Assert.Equal("302 http://api.example.com/v1/x?y", await lab.AskAsync($"http://{address}/old/x?y", "--header", "Host: api.example.com", "--output", "/dev/null", "--write-out", "%{http_code} %{redirect_url}"));

        await lab.Cloud.DoAsync("PATCH", $"{ApplicationLab.Region}/urlMaps/routed", """{"defaultService":"api","hostRules":[],"pathMatchers":[]}""");
        Assert.StartsWith("api-", await NameAsync("/"), StringComparison.Ordinal);
    }

    [NamespacesFact]
    public async Task The_firewall_decides_about_the_proxies_packets()
    {
        var lab = await shared.StartAsync();
        var address = await lab.BalanceAsync("walled", """ "defaultService":"web" """);
        await lab.WhenHealthyAsync("web", 2);
        Assert.NotEqual("", await lab.AskAsync($"http://{address}/"));

        await lab.Cloud.DoAsync("POST", "global/firewalls", $$"""{"name":"no-proxies","priority":10,"sourceRanges":["{{ApplicationLab.ProxyRange}}"],"denied":[{"IPProtocol":"tcp"}]}""");
        // On connections that were there before the rule the answer comes still, as a firewall that knows connections has it; this one has none yet.
        var other = await lab.BalanceAsync("walled-anew", """ "defaultService":"web" """);
        try
        {
            Assert.Equal("", await lab.AskAsync($"http://{other}/", "--max-time", "1"));
        }
        finally
        {
            await lab.Cloud.DoAsync("DELETE", "global/firewalls/no-proxies");
        }

        Assert.NotEqual("", await lab.AskAsync($"http://{other}/"));
    }

    [NamespacesFact]
    public async Task Without_a_healthy_backend_the_proxies_say_so_themselves()
    {
        var lab = await shared.StartAsync();
        await lab.AddServiceAsync("dead", "web", "dead");
        var address = await lab.BalanceAsync("lifeless", """ "defaultService":"dead" """);

        Assert.Equal("no healthy upstream 503", await lab.AskAsync($"http://{address}/", "--write-out", " %{http_code}"));
        var health = (await lab.Cloud.SendAsync("POST", $"{ApplicationLab.Region}/backendServices/dead/getHealth", $$"""{"group":"{{lab.Cloud.Base}}{{ApplicationLab.Region}}/instanceGroups/web"}""")).Body.Objects("healthStatus").ToList();
        Assert.Equal(2, health.Count);
        Assert.All(health, h => Assert.Equal(("UNHEALTHY", 9), (h.Text("healthState"), h.Integer("port"))));

        // Another named port, and there they are: probes and requests go to the port that the group names.
        await lab.Cloud.DoAsync("PATCH", $"{ApplicationLab.Region}/backendServices/dead", """{"portName":"http"}""");
        await lab.WhenHealthyAsync("dead", 2);
        Assert.StartsWith("web-", ApplicationLab.Value(await lab.AskAsync($"http://{address}/"), "server-name"), StringComparison.Ordinal);
    }

    [NamespacesFact]
    public async Task Its_address_is_there_for_machines_of_its_region_and_with_global_access_for_all_others_of_the_network()
    {
        var lab = await shared.StartAsync();
        var near = await lab.BalanceAsync("regional", """ "defaultService":"web" """);
        var wide = await lab.BalanceAsync("wide", """ "defaultService":"web" """, """ ,"allowGlobalAccess":true """);
        await lab.WhenHealthyAsync("web", 2);

        Assert.NotEqual("", await lab.AskFromAsync("far", $"http://{wide}/"));
        Assert.Equal("", await lab.AskFromAsync("far", $"http://{near}/", "--max-time", "1"));
        Assert.Equal("", await lab.AskAsync($"http://{wide}:81/", "--max-time", "1"));

        await lab.Cloud.DoAsync("DELETE", $"{ApplicationLab.Region}/forwardingRules/wide");
        Assert.Equal("", await lab.AskAsync($"http://{wide}/", "--max-time", "1"));
    }

    [NamespacesFact]
    public async Task A_request_that_takes_longer_than_the_service_allows_is_given_up()
    {
        var lab = await shared.StartAsync();
        await lab.AddServiceAsync("hasty", "api", "http", """ ,"timeoutSec":1 """);
        var address = await lab.BalanceAsync("timed", """ "defaultService":"hasty" """);
        await lab.WhenHealthyAsync("hasty", 1);

        Assert.Equal("upstream request timeout 504", await lab.AskAsync($"http://{address}/slow", "--write-out", " %{http_code}"));
    }
}
