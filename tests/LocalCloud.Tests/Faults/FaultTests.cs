using System.Net;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Faults;

public sealed class FaultTests
{
    private const string Firewall = """{"name":"http","allowed":[{"IPProtocol":"tcp","ports":["80"]}]}""";

    [Fact]
    public async Task An_error_is_answered_as_often_as_asked_for_and_the_server_does_nothing()
    {
        await using var cloud = await TestCloud.StartAsync();
        await AddAsync(cloud, """{"method":"POST","collection":"firewalls","count":2,"error":{"status":429,"reason":"rateLimitExceeded","message":"Slower, please."}}""");

        Assert.Equal(["Slower, please."], await cloud.RefusedAsync(429, "rateLimitExceeded", "POST", "global/firewalls", Firewall));
        await cloud.RefusedAsync(429, "rateLimitExceeded", "POST", "global/firewalls", Firewall);
        await cloud.RefusedAsync(404, "notFound", "GET", "global/firewalls/http");
        await cloud.DoAsync("POST", "global/firewalls", Firewall);

        var listed = await cloud.Http.GetStringAsync(new Uri(cloud.Server.Endpoint, "localcloud/faults"));
        Assert.Contains("\"struck\": 2", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloud_Storage_refuses_in_its_own_form()
    {
        await using var cloud = await TestCloud.StartAsync();
        await AddAsync(cloud, """{"collection":"buckets","verb":"insert","error":{"status":503}}""");

        await cloud.RefusedAsync(503, "backendError", "POST", $"{cloud.Server.Endpoint}storage/v1/b?project=test-project", """{"name":"a-bucket-of-mine"}""");
        await cloud.RefusedAsync(404, "notFound", "GET", $"{cloud.Server.Endpoint}storage/v1/b/a-bucket-of-mine");
    }

    [Theory]
    [InlineData("beforeActing", HttpStatusCode.NotFound)]
    [InlineData("afterActing", HttpStatusCode.OK)]
    public async Task A_dropped_answer_breaks_the_connection_before_or_after_the_server_acted(string when, HttpStatusCode found)
    {
        await using var cloud = await TestCloud.StartAsync();
        await AddAsync(cloud, $$"""{"collection":"firewalls","verb":"insert","count":1,"drop":"{{when}}"}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.SendAsync("POST", "global/firewalls", Firewall));

        Assert.Equal(found, (await cloud.SendAsync("GET", "global/firewalls/http")).Status);
    }

    [Fact]
    public async Task An_operation_fails_with_the_wanted_code_and_changes_nothing()
    {
        await using var cloud = await TestCloud.StartAsync();
        await AddAsync(cloud, """{"collection":"firewalls","count":1,"operation":{"code":"RESOURCE_NOT_READY","message":"Not yet.","status":400}}""");

        var operation = (await cloud.SendAsync("POST", "global/firewalls", Firewall)).Body;
        operation = (await cloud.SendAsync("POST", operation.Text("selfLink") + "/wait")).Body;

        var error = Assert.Single(operation.Object("error")!.Objects("errors"));
        Assert.Equal(("DONE", "RESOURCE_NOT_READY", "Not yet.", 400L),
            (operation.Text("status"), error.Text("code"), error.Text("message"), operation.Integer("httpErrorStatusCode")));
        await cloud.RefusedAsync(404, "notFound", "GET", "global/firewalls/http");
        await cloud.DoAsync("POST", "global/firewalls", Firewall);
    }

    [Fact]
    public async Task A_group_in_a_zone_that_is_full_tells_in_its_list_of_errors_and_goes_on_when_there_is_room()
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Server.AddFaults(new Fault { Shortage = Shortage.StockOut });

        await cloud.AddGroupAsync(1);
        var errors = await cloud.UntilAsync("zones/us-west1-b/instanceGroupManagers/backend/listErrors", e => e.Objects("items").Any());
        Assert.Equal("ZONE_RESOURCE_POOL_EXHAUSTED", errors.Objects("items").First().Object("error")!.Text("code"));

        cloud.Server.ClearFaults();
        await cloud.UntilAsync("zones/us-west1-b/instanceGroupManagers/backend", g => g.Object("status")!.Flag("isStable") == true);
    }

    [Fact]
    public async Task What_was_just_made_is_not_found_by_its_first_reads()
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Server.AddFaults(new Fault { Collection = "firewalls", HiddenReads = 2 });

        await cloud.DoAsync("POST", "global/firewalls", Firewall);

        await cloud.RefusedAsync(404, "notFound", "GET", "global/firewalls/http");
        await cloud.RefusedAsync(404, "notFound", "GET", "global/firewalls/http");
        await cloud.GetAsync("global/firewalls/http");
    }

    [Fact]
    public async Task A_probability_with_a_seed_meets_the_same_calls_every_time()
    {
        static async Task<string> RunAsync(int seed)
        {
            await using var cloud = await TestCloud.StartAsync();
            cloud.Server.AddFaults(new Fault { Collection = "firewalls", Probability = 0.3, Seed = seed, Error = new(503) });
            var outcome = "";
            for (var i = 0; i < 60; i++)
                outcome += (await cloud.SendAsync("GET", "global/firewalls")).Status == HttpStatusCode.OK ? '.' : 'X';
            return outcome;
        }

        var first = await RunAsync(1);
        Assert.Equal(first, await RunAsync(1));
        Assert.NotEqual(first, await RunAsync(2));
        Assert.InRange(first.Count(c => c == 'X'), 8, 30);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_fault_is_told_at_once()
    {
        await using var cloud = await TestCloud.StartAsync();

        var (status, body) = await cloud.SendAsync("POST", $"{cloud.Server.Endpoint}localcloud/faults", """{"probability":2,"count":0}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Exactly one of error, delaySeconds, drop, operation, shortage and hiddenReads has to be given. "
            + "probability is 2. Allowed is 0 to 1. count is 0. Allowed is 1 or more, or nothing for no limit.",
            body.Text("error"));
        Assert.Equal(HttpStatusCode.BadRequest, (await cloud.SendAsync("POST", $"{cloud.Server.Endpoint}localcloud/faults", """{"verbb":"get","error":{"status":500}}""")).Status);
    }

    [Fact]
    public async Task Faults_are_taken_back_one_by_one_or_all_at_once()
    {
        await using var cloud = await TestCloud.StartAsync();
        var reports = cloud.Server.AddFaults(new Fault { Verb = "list", Error = new(500) }, new Fault { Verb = "get", Error = new(500) });

        await cloud.SendAsync("DELETE", $"{cloud.Server.Endpoint}localcloud/faults/{reports[0].Id}");
        await cloud.GetAsync("global/firewalls");
        await cloud.RefusedAsync(500, "backendError", "GET", "global/firewalls/default-allow-ssh");

        await cloud.SendAsync("DELETE", $"{cloud.Server.Endpoint}localcloud/faults");
        Assert.Empty(cloud.Server.Faults);
    }

    [Fact]
    public async Task The_latency_profile_is_switched_while_the_server_runs()
    {
        await using var cloud = await TestCloud.StartAsync();
        var latency = $"{cloud.Server.Endpoint}localcloud/latency";
        Assert.Equal("instant", (await cloud.GetAsync(latency)).Text("profile"));

        Assert.Equal("realistic", (await cloud.SendAsync("PUT", latency, """{"profile":"realistic"}""")).Body.Text("profile"));
        var operation = (await cloud.SendAsync("POST", "global/firewalls", Firewall)).Body;
        Assert.Equal("RUNNING", (await cloud.GetAsync(operation.Text("selfLink")!)).Text("status"));

        Assert.Equal("profile is 'slow'. Allowed are instant and realistic.", (await cloud.SendAsync("PUT", latency, """{"profile":"slow"}""")).Body.Text("error"));
    }

    private static async Task AddAsync(TestCloud cloud, string fault)
    {
        var (status, body) = await cloud.SendAsync("POST", $"{cloud.Server.Endpoint}localcloud/faults", $"[{fault}]");
        Assert.True(status == HttpStatusCode.Created, body.ToString());
    }
}
