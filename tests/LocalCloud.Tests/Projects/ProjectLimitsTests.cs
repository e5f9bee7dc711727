using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Projects;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Tests.Projects;

/// <summary>What a project may not do is told by the APIs that Google tells it by, and then really refused.</summary>
public sealed class ProjectLimitsTests
{
    private const string Project = "compute/v1/projects/my-project/";

    [Fact]
    public async Task An_API_that_is_off_says_so_to_Service_Usage_and_refuses_its_calls()
    {
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };
        using var set = await http.PutAsJsonAsync("localcloud/limits/my-project", new { disabledServices = new[] { "compute.googleapis.com" } });
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);

        var services = await http.GetFromJsonAsync<JsonNode>(
            "v1/projects/my-project/services:batchGet?names=projects/my-project/services/compute.googleapis.com&names=projects/my-project/services/storage.googleapis.com");
        using var refused = await http.GetAsync(Project + "zones/us-west1-b");

        Assert.Equal(["compute.googleapis.com DISABLED", "storage.googleapis.com ENABLED"],
            services!["services"]!.AsArray().Select(service => $"{service!["config"]!["name"]} {service["state"]}"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var error = (await refused.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal("accessNotConfigured", (string?)error["errors"]![0]!["reason"]);
        Assert.StartsWith("Compute Engine API has not been used in project ", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_not_among_the_granted_ones_and_refuses_its_calls_alone()
    {
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };
        cloud.Limit("my-project", new ProjectLimits { DeniedPermissions = ["compute.firewalls.create"] });

        using var tested = await http.PostAsJsonAsync("v3/projects/my-project:testIamPermissions", new { permissions = new[] { "compute.firewalls.create", "compute.firewalls.list" } });
        using var list = await http.GetAsync(Project + "global/firewalls");
        using var insert = await http.PostAsJsonAsync(Project + "global/firewalls", new { name = "http", allowed = new[] { new { IPProtocol = "tcp" } } });

        Assert.Equal(["compute.firewalls.list"], (await tested.Content.ReadFromJsonAsync<JsonNode>())!["permissions"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, insert.StatusCode);
        Assert.Equal("Required 'compute.firewalls.create' permission for 'projects/my-project/global/firewalls'",
            (string?)(await insert.Content.ReadFromJsonAsync<JsonNode>())!["error"]!["message"]);
    }

    [Fact]
    public async Task Quotas_show_what_is_used_and_refuse_what_exceeds_them()
    {
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };
        cloud.Limit("my-project", new ProjectLimits { Quotas = new Dictionary<string, double> { ["CPUS"] = 3, ["HEALTH_CHECKS"] = 0, ["STATIC_ADDRESSES"] = 0 } });

        var first = await DoneAsync(http, await http.PostAsJsonAsync(Project + "zones/us-west1-b/instances", Instance("one")));
        var second = await DoneAsync(http, await http.PostAsJsonAsync(Project + "zones/us-west1-b/instances", Instance("two")));
        using var check = await http.PostAsJsonAsync(Project + "global/healthChecks", new { name = "check", type = "HTTP", httpHealthCheck = new { port = 80 } });
        using var external = await http.PostAsJsonAsync(Project + "regions/us-west1/addresses", new { name = "outside" });
        using var inside = await http.PostAsJsonAsync(Project + "regions/us-west1/addresses", new { name = "inside", addressType = "INTERNAL" });
        var region = await http.GetFromJsonAsync<JsonNode>(Project + "regions/us-west1");

        Assert.Null(first["error"]);
        Assert.Equal("QUOTA_EXCEEDED", (string?)second["error"]!["errors"]![0]!["code"]);
        Assert.Equal("Quota 'CPUS' exceeded.  Limit: 3.0 in region us-west1.", (string?)second["error"]!["errors"]![0]!["message"]);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (check.StatusCode, external.StatusCode, inside.StatusCode));
        var cpus = region!["quotas"]!.AsArray().Single(quota => (string?)quota!["metric"] == "CPUS")!;
        Assert.Equal((3, 2), ((double)cpus["limit"]!, (double)cpus["usage"]!));
    }

    private static object Instance(string name) => new
    {
        name,
        machineType = "zones/us-west1-b/machineTypes/e2-medium",
        disks = new[] { new { boot = true, autoDelete = true, initializeParams = new { sourceImage = "projects/debian-cloud/global/images/family/debian-12" } } },
        networkInterfaces = new[] { new { network = "global/networks/default" } },
    };

    private static async Task<JsonNode> DoneAsync(HttpClient http, HttpResponseMessage started)
    {
        using (started)
        {
            var operation = await started.Content.ReadFromJsonAsync<JsonNode>();
            using var waited = await http.PostAsync($"{Project}zones/us-west1-b/operations/{operation!["name"]}/wait", null);
            return (await waited.Content.ReadFromJsonAsync<JsonNode>())!;
        }
    }
}
