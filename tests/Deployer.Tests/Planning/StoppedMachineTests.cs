using System.Text.Json.Nodes;
using Google.Cloud.Compute.V1;
using Grpc.Core;

namespace PrimeDeploy.Deployer.Tests.Planning;

/// <summary>A frontend that does not run is drift like any other, however it came to that.</summary>
public sealed class StoppedMachineTests
{
    private const string Frontend = "/zones/us-west1-b/instances/frontend";

    [Fact]
    public async Task A_machine_that_someone_stopped_is_seen_and_started_again_at_its_address()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        var before = (await cloud.Engine.Start(service).Completed).Outcomes.Single(outcome => outcome.Resource is Instance);
        var stop = new StopInstanceRequest { Project = "my-project", Zone = "us-west1-b", Instance = "frontend" };
        await (await Client(cloud).StopAsync(stop)).PollUntilCompletedAsync(TestCloud.Soon);
        cloud.Proxy.Forget();

        var plan = (await cloud.Engine.PlanAsync(service)).ToString();
        Assert.Contains("  ~ instance frontend  (was changed by someone else)\n      status: TERMINATED → RUNNING\n", plan);
        Assert.EndsWith("1 to update, 17 unchanged\n", plan);
        var report = await cloud.Engine.Start(service).Completed;

        Assert.True(report.Succeeded);
        Assert.Single(cloud.Requests("POST", Frontend + "/start"));
        Assert.Empty(cloud.Requests("DELETE", Frontend));
        Assert.Equal(before.Uri, report.Outcomes.Single(outcome => outcome.Resource is Instance).Uri);
        var after = await Client(cloud).GetAsync("my-project", "us-west1-b", "frontend");
        Assert.Equal(("RUNNING", before.Detail), (after.Status, Instance.AddressOf(after)));
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Theory]
    [InlineData("STOPPING STOPPING TERMINATED", "start")]
    [InlineData("PENDING_STOP STOPPED", "start")]
    [InlineData("SUSPENDING SUSPENDED", "resume")]
    [InlineData("SUSPENDED", "resume")]
    public async Task What_is_on_its_way_down_is_started_only_when_it_is_there(string statuses, string verb)
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        await PretendAsync(cloud, statuses.Split(' '));

        var change = (await cloud.Engine.PlanAsync(service)).Changes.Single(change => change.Resource.Name == "frontend" && change.Resource is Instance);
        Assert.Equal((PlanAction.Update, $"status: {statuses.Split(' ')[0]} → RUNNING"), (change.Action, Assert.Single(change.Differences).ToString()));
        cloud.Proxy.Forget();
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);

        var asked = cloud.Proxy.Requests.Select(request => $"{request.Method} {request.Path}").ToList();
        var started = asked.FindIndex(call => call.EndsWith($"{Frontend}/{verb}", StringComparison.Ordinal));
        Assert.Equal(statuses.Split(' ').Length - 1, asked.Take(started).Count(call => call.EndsWith($"GET /compute/v1/projects/my-project{Frontend}", StringComparison.Ordinal)));
        Assert.Contains(Permissions.Of("POST", cloud.Proxy.Requests[started].Path), Permissions.All);
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Fact]
    public async Task What_was_not_being_stopped_but_deleted_is_made_again()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        var before = (await cloud.Engine.Start(service).Completed).Outcomes.Single(outcome => outcome.Resource is Instance);
        await PretendAsync(cloud, ["STOPPING"]);
        var deletion = new DeleteInstanceRequest { Project = "my-project", Zone = "us-west1-b", Instance = "frontend" };
        await (await Client(cloud).DeleteAsync(deletion)).PollUntilCompletedAsync(TestCloud.Soon);

        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);

        cloud.Proxy.Faults = _ => null;
        var after = await Client(cloud).GetAsync("my-project", "us-west1-b", "frontend");
        Assert.Equal(("RUNNING", before.Detail), (after.Status, Instance.AddressOf(after)));
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Theory]
    [InlineData("PROVISIONING")]
    [InlineData("STAGING")]
    [InlineData("REPAIRING")]
    public async Task What_comes_up_by_itself_is_left_alone(string status)
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        await PretendAsync(cloud, [status]);

        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    /// <summary>
    /// Lets the list say the first status of the frontend, and each reading the next, until it is started or resumed: a machine that really stops
    /// says what it says for a moment only, and the local cloud suspends none.
    /// </summary>
    private static async Task PretendAsync(TestCloud cloud, string[] statuses)
    {
        const string List = "compute/v1/projects/my-project/zones/us-west1-b/instances";
        using var http = new HttpClient { BaseAddress = cloud.Proxy.Endpoint };
        var list = JsonNode.Parse(await http.GetStringAsync(List))!;
        var frontend = list["items"]!.AsArray().Single(instance => (string?)instance!["name"] == "frontend")!;
        string Saying(JsonNode document, string status)
        {
            frontend["status"] = status;
            return document.ToJsonString();
        }

        var listed = Saying(list, statuses[0]);
        var next = new Queue<string>(statuses.Skip(1).Select(status => Saying(frontend, status)));
        var isOver = false;
        cloud.Proxy.Faults = request =>
        {
            if (isOver) return null;
            isOver = request.Path.EndsWith(Frontend + "/start", StringComparison.Ordinal) || request.Path.EndsWith(Frontend + "/resume", StringComparison.Ordinal);
            return isOver ? new(Status: 200, Body: """{"name":"operation-1","status":"DONE"}""")
                : request is { Method: "GET" } && request.Path.EndsWith(List, StringComparison.Ordinal) ? new(Status: 200, Body: listed)
                : request is { Method: "GET" } && request.Path.EndsWith(Frontend, StringComparison.Ordinal) && next.TryDequeue(out var document) ? new(Status: 200, Body: document)
                : null;
        };
    }

    private static InstancesClient Client(TestCloud cloud) => new InstancesClientBuilder
    {
        Endpoint = cloud.Proxy.Endpoint.GetLeftPart(UriPartial.Authority), ChannelCredentials = ChannelCredentials.Insecure,
    }.Build();
}
