using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.Deployer.Tests.Planning;

/// <summary>What someone made by hand under the wanted names is taken over when that is asked for, kind by kind.</summary>
public sealed class AdoptionTests
{
    private const string Project = "compute/v1/projects/my-project/";

    /// <summary>Each after what it needs.</summary>
    private static readonly string[] Collections =
    [
        "global/firewalls", "global/healthChecks", "regions/us-west1/addresses", "global/instanceTemplates", "zones/us-west1-b/instanceGroupManagers",
        "regions/us-west1/backendServices", "regions/us-west1/forwardingRules", "zones/us-west1-b/instances",
    ];

    [Fact]
    public async Task A_deployment_that_was_made_by_hand_is_refused_resource_by_resource_and_adopt_takes_all_of_it_over()
    {
        using var workplace = new Workplace();
        var service = PrimeService.Describe(workplace.Options);
        await using var original = await LocalCloudServer.StartTemporaryAsync();
        Assert.True((await new DeploymentEngine(CloudConnection.At(original.Endpoint)).Start(service).Completed).Succeeded);
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        await CopyWithoutMarksAsync(original, cloud);
        var engine = new DeploymentEngine(CloudConnection.At(cloud.Endpoint));

        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() => engine.PlanAsync(service));
        var owned = service.Resources.Where(resource => resource is not (BucketObject or SubnetworkAccess)).ToList();
        Assert.Equal(owned.Select(resource => $"{resource} is there already and bears no mark of a deployment").Order(StringComparer.Ordinal),
            refused.Problems.Select(problem => problem.Split(':')[0]).Order(StringComparer.Ordinal));

        var adopt = new RunOptions { Adopt = true };
        var plan = await engine.PlanAsync(service, adopt);
        Assert.Equal(["address frontend", "address prime-lb", "forwarding rule prime-lb", "instance frontend", "instance template primecalc"],
            plan.Changes.Where(change => change.Action is PlanAction.Replace).Select(change => change.Resource.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(owned.Count - 5, plan.Changes.Count(change => owned.Contains(change.Resource) && change.Action is PlanAction.Update));

        var report = await engine.Start(service, adopt).Completed;
        Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message)));
        Assert.False((await engine.PlanAsync(service)).HasChanges);
        Assert.True((await engine.TeardownAsync(workplace.Options)).Succeeded);
        // Templates cannot be marked: theirs stays theirs.
        Assert.Equal(["instanceTemplates/primecalc"], await Inventory.ReadAsync(cloud.Endpoint, "my-project"));
    }

    private static async Task CopyWithoutMarksAsync(LocalCloudServer from, LocalCloudServer to)
    {
        using var source = new HttpClient { BaseAddress = from.Endpoint };
        using var target = new HttpClient { BaseAddress = to.Endpoint };
        foreach (var collection in Collections)
            foreach (var found in (await source.GetFromJsonAsync<JsonNode>(Project + collection))!["items"]!.AsArray().Select(item => item!.AsObject()))
            {
                var name = (string)found["name"]!;
                if (name.StartsWith("default-", StringComparison.Ordinal) || name.StartsWith("backend-", StringComparison.Ordinal) && collection.EndsWith("/instances", StringComparison.Ordinal))
                    continue;
                foreach (var member in new[] { "description", "labels", "versions" }) found.Remove(member);
                if ((string?)found["addressType"] == "EXTERNAL") found.Remove("address"); // Google picks those.
                // What an instance tells of itself is not what it was asked for.
                if (collection.EndsWith("/instances", StringComparison.Ordinal))
                {
                    found["disks"] = new JsonArray(new JsonObject
                    {
                        ["boot"] = true, ["autoDelete"] = true,
                        ["initializeParams"] = new JsonObject { ["sourceImage"] = "projects/debian-cloud/global/images/family/debian-12" },
                    });
                    found["networkInterfaces"] = new JsonArray(new JsonObject
                    {
                        ["network"] = "global/networks/default", ["accessConfigs"] = new JsonArray(new JsonObject { ["type"] = "ONE_TO_ONE_NAT" }),
                    });
                }
                using var made = await target.PostAsJsonAsync(Project + collection, found);
                var operation = await made.Content.ReadFromJsonAsync<JsonNode>();
                Assert.True(made.IsSuccessStatusCode, $"{collection}/{name}: {operation}");
                using var done = await target.PostAsync(new Uri($"{operation!["selfLink"]}/wait"), null);
                Assert.True((await done.Content.ReadFromJsonAsync<JsonNode>())!["error"] is null, $"{collection}/{name}");
            }
        using var bucket = await target.PostAsJsonAsync("storage/v1/b?project=my-project", new { name = "my-project-primedeploy-lab", location = "us-west1" });
        Assert.True(bucket.IsSuccessStatusCode);
    }
}
