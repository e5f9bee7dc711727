using System.Net;
using System.Net.Http.Headers;
using Deque.AxeCore.Commons;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.Primes.Tests.Browser;

namespace PrimeDeploy.LocalCloud.Tests.WebConsole;

/// <summary>The page at <c>/</c>.</summary>
public sealed class ConsoleTests
{
    [Fact]
    public async Task A_browser_gets_the_page_at_the_root_and_every_other_client_the_API()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var asBrowser = new HttpRequestMessage(HttpMethod.Get, cloud.Server.Endpoint);
        asBrowser.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var page = await cloud.Http.SendAsync(asBrowser);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'; script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("://", (await page.Content.ReadAsStringAsync()).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);

        using var asClient = new HttpRequestMessage(HttpMethod.Get, cloud.Server.Endpoint);
        asClient.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var api = await cloud.Http.SendAsync(asClient);
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (api.StatusCode, api.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.NotFound, (await cloud.Http.GetAsync(new Uri(cloud.Server.Endpoint, "localcloud/console/nothing"))).StatusCode);
    }

    [BrowserFact]
    public async Task The_page_shows_what_is_there_and_follows_what_changes_without_being_loaded_again()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(2);
        await using var browser = await Chromium.StartAsync();
        await browser.NavigateAsync(cloud.Server.Endpoint);
        await UntilAsync(browser, "document.getElementById('live').textContent === 'live'");
        await browser.EvaluateAsync("window.loadedOnce = true");
        await UntilAsync(browser, "document.querySelectorAll('#machine-list tbody tr').length === 2");

        await AddBalancerAsync(cloud);
        await UntilAsync(browser, "document.querySelector('#balancer-list .card')?.innerText.includes('10.138.0.10:80')");
        await UntilAsync(browser, "document.querySelector('#balancer-list .badge')?.innerText === '2 of 2 healthy'");
        await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers/backend/resize?size=3");
        await UntilAsync(browser, "document.querySelector('#group-list .facts')?.innerText.startsWith('3 of 3 ready')");
        await UntilAsync(browser, "document.querySelector('#balancer-list .badge')?.innerText === '3 of 3 healthy'");
        await cloud.DoAsync("POST", "global/firewalls", """{"name":"wild","network":"global/networks/default","allowed":[{"IPProtocol":"tcp"}]}""");
        await UntilAsync(browser, "document.getElementById('network-list').innerText.includes('wild')");
        await UntilAsync(browser, "document.querySelector('#operation-list tbody').innerText.includes('wild')");

        // A machine's output, by keyboard and back.
        await browser.EvaluateAsync("document.querySelector('#machine-list button').focus()");
        await browser.PressAsync("Enter", 13, "\r");
        await UntilAsync(browser, "document.getElementById('serial').open && document.getElementById('serial-text').textContent.includes('is a simulated machine')");
        await browser.KeepScreenshotAsync("serial");
        await browser.PressAsync("Escape", 27);
        await UntilAsync(browser, "!document.getElementById('serial').open");

        await cloud.DoAsync("DELETE", "regions/us-west1/forwardingRules/prime-lb");
        await UntilAsync(browser, "document.querySelector('#balancer-list .empty')");
        Assert.True((await browser.EvaluateAsync("window.loadedOnce"))!.GetValue<bool>());
        Assert.Empty(browser.Complaints);
    }

    [BrowserFact]
    public async Task The_page_finds_the_server_again_after_it_was_away()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.GetAsync("global/networks/default");
        await using var browser = await Chromium.StartAsync();
        await browser.NavigateAsync(cloud.Server.Endpoint);
        await UntilAsync(browser, "document.getElementById('live').textContent === 'live'");
        var port = cloud.Server.Endpoint.Port;

        await cloud.Server.DisposeAsync();
        await UntilAsync(browser, "document.getElementById('live').textContent === 'not connected'");
        await cloud.RestartAsync(options => options with { Port = port });

        await UntilAsync(browser, "document.getElementById('live').textContent === 'live'");
    }

    [BrowserFact]
    public async Task Accessibility_checks_find_nothing_in_light_dark_narrow_empty_and_with_the_output_open()
    {
        await using var cloud = await TestCloud.StartAsync();
        await using var browser = await Chromium.StartAsync();
        await browser.NavigateAsync(cloud.Server.Endpoint);
        await UntilAsync(browser, "document.getElementById('live').textContent === 'live'");
        await CheckAsync("empty", "light", 1_200);

        await cloud.AddGroupAsync(3);
        await AddBalancerAsync(cloud);
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", """
            {"name":"frontend","machineType":"zones/us-west1-b/machineTypes/e2-standard-2","tags":{"items":["frontend"]},
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "networkInterfaces":[{"network":"global/networks/default","accessConfigs":[{"type":"ONE_TO_ONE_NAT"}]}]}
            """);
        await cloud.SendAsync("POST", "zones/us-west1-b/instances/frontend/stop");
        await cloud.DoAsync("POST", "global/firewalls", """{"name":"off","disabled":true,"direction":"EGRESS","network":"global/networks/default","denied":[{"IPProtocol":"tcp","ports":["25"]}]}""");
        await UntilAsync(browser, "document.querySelector('#balancer-list .badge')?.innerText === '3 of 3 healthy'");
        await UntilAsync(browser, "document.getElementById('machine-list').innerText.includes('terminated')");
        foreach (var (name, scheme, width) in ((string, string, int)[])[("light", "light", 1_200), ("dark", "dark", 1_200), ("narrow", "light", 380)])
            await CheckAsync(name, scheme, width);
        await browser.EvaluateAsync("document.querySelector('#machine-list button').click()");
        await CheckAsync("output", "dark", 1_200);
        Assert.Empty(browser.Complaints);

        async Task CheckAsync(string name, string scheme, int width)
        {
            await browser.PreferAsync(scheme);
            await browser.ResizeAsync(width, 1_500);
            await browser.KeepScreenshotAsync(name);
            await browser.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
            var violations = (await browser.EvaluateAsync("axe.run().then(found => found.violations.map(violation => violation.id + ': ' + violation.nodes.map(node => node.html).join(' ')))"))!.AsArray();
            Assert.True(violations.Count == 0, $"{name}: {violations.ToJsonString()}");
            Assert.True((await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"))!.GetValue<bool>(), $"The page {name} is wider than its window.");
        }
    }

    private static async Task AddBalancerAsync(TestCloud cloud)
    {
        await cloud.DoAsync("POST", "global/healthChecks", """{"name":"ilb-health","type":"HTTP","httpHealthCheck":{"port":80,"requestPath":"/2"}}""");
        await cloud.DoAsync("POST", "regions/us-west1/backendServices", $$"""
            {"name":"prime-service","loadBalancingScheme":"INTERNAL","protocol":"TCP","healthChecks":["{{cloud.Base}}global/healthChecks/ilb-health"],
             "backends":[{"group":"{{cloud.Base}}zones/us-west1-b/instanceGroups/backend"}]}
            """);
        await cloud.DoAsync("POST", "regions/us-west1/forwardingRules", $$"""
            {"name":"prime-lb","loadBalancingScheme":"INTERNAL","IPProtocol":"TCP","ports":["80"],"IPAddress":"10.138.0.10",
             "network":"{{cloud.Base}}global/networks/default","backendService":"{{cloud.Base}}regions/us-west1/backendServices/prime-service"}
            """);
    }

    private static async Task UntilAsync(Chromium browser, string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await browser.EvaluateAsync($"Boolean({condition})"))?.GetValue<bool>() != true)
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"{condition} did not come true: {await browser.EvaluateAsync("document.body.innerText")}\n{string.Join('\n', browser.Complaints)}");
            await Task.Delay(20);
        }
    }
}
