using System.Net.Http.Json;
using System.Text.Json;

namespace PrimeDeploy.Deployer.Tests.Verification;

/// <summary>What verification does with the test instance when it does not come to a good end. Good ends need real machines.</summary>
public sealed class VerifierTests
{
    private const string TestInstance = "/zones/us-west1-b/instances/testinstance";

    [Fact]
    public async Task Cancelled_it_still_deletes_the_test_instance()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        using var cancellation = new CancellationTokenSource();
        cloud.Proxy.Hold = request => request.Path.EndsWith("/testinstance/serialPort", StringComparison.Ordinal) ? cancellation.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cloud.Engine.VerifyAsync(service, run, null, cancellation.Token));

        Assert.Single(cloud.Requests("DELETE", TestInstance));
    }

    [Fact]
    public async Task Cancelled_while_the_deletion_is_tried_again_it_is_sent_once_more()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        using var cancellation = new CancellationTokenSource();
        cloud.Proxy.Faults = request => IsDeletion(request) && cloud.Requests("DELETE", TestInstance).Count <= 2 ? new(Status: 503) : null;
        cloud.Proxy.Hold = request => IsDeletion(request) && cloud.Requests("DELETE", TestInstance).Count == 2 ? cancellation.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero }, cancellation.Token));

        // It is gone or on its way.
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Fact]
    public async Task A_service_that_does_not_serve_fails_with_evidence_and_the_test_instance_goes()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);

        var report = await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.FromSeconds(1) });

        Assert.False(report.Succeeded);
        Assert.Equal([Checkpoint.InternalLoadBalancer, Checkpoint.TestInstance, Checkpoint.Frontend],
            report.Checks.Where(check => check.Result is CheckResult.Failed).Select(check => check.Checkpoint).Distinct());
        var evidence = Assert.Single(report.Checks, check => check is { From: "testinstance", Evidence: not null }).Evidence;
        Assert.Contains("Health by backend:\n  backend-", evidence, StringComparison.Ordinal);
        Assert.Contains("http (priority 1000): allow from 10.138.0.0/20 to backend", evidence, StringComparison.Ordinal);
        Assert.Contains("The end of the serial output of testinstance:", evidence, StringComparison.Ordinal);
        var page = report.Checks.First(check => check.Checkpoint is Checkpoint.Frontend).Evidence;
        Assert.Contains("http2 (priority 1000): allow from 0.0.0.0/0 to frontend", page, StringComparison.Ordinal);
        Assert.Single(cloud.Requests("DELETE", TestInstance));
        Assert.Equal(report.Checks.Count, cloud.Events.OfType<CheckFinished>().Count());
    }

    [Fact]
    public async Task Someone_elses_test_instance_is_left_alone()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        using var http = new HttpClient();
        var theirs = new
        {
            name = "testinstance",
            machineType = "zones/us-west1-b/machineTypes/e2-medium",
            disks = new[] { new { boot = true, autoDelete = true, initializeParams = new { sourceImage = "projects/debian-cloud/global/images/family/debian-12" } } },
            networkInterfaces = new[] { new { network = "global/networks/default" } },
        };
        using var made = await http.PostAsJsonAsync(new Uri(cloud.Proxy.Endpoint, "/compute/v1/projects/my-project/zones/us-west1-b/instances"), theirs);
        made.EnsureSuccessStatusCode();

        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() => cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.FromSeconds(1) }));

        Assert.StartsWith("instance testinstance is there already and bears no mark", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.Empty(cloud.Requests("DELETE", TestInstance));
    }

    [Fact]
    public async Task The_test_instance_is_made_while_the_group_is_and_goes_with_the_verification()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        // The group waits for both instances, the frontend and the test instance.
        var (instances, both) = (0, new TaskCompletionSource());
        cloud.Proxy.HoldAnswer = request =>
        {
            if (request is { Method: "POST" } && request.Path.EndsWith("/zones/us-west1-b/instances", StringComparison.Ordinal) && Interlocked.Increment(ref instances) == 2) both.SetResult();
            return request is { Method: "POST" } && request.Path.EndsWith("/instanceGroupManagers", StringComparison.Ordinal) ? both.Task.WaitAsync(TimeSpan.FromMinutes(1)) : Task.CompletedTask;
        };

        var run = cloud.Engine.Start(service, new() { KeepLease = true, PrepareTest = true });
        Assert.True((await run.Completed).Succeeded);
        Assert.Empty(cloud.Requests("DELETE", TestInstance));
        var report = await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });

        Assert.Contains(report.Checks, check => check.From == "testinstance");
        Assert.Equal(2, instances);
        Assert.Single(cloud.Requests("DELETE", TestInstance));
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Fact]
    public async Task It_ends_when_the_test_instance_is_on_its_way_down()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        // Deleting an instance takes 40 s from here on.
        cloud.Proxy.Hold = request => IsDeletion(request) ? SetLatencyAsync(cloud, "realistic") : Task.CompletedTask;

        var report = await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });

        Assert.Contains(report, cloud.Events.OfType<VerificationFinished>().Select(told => told.Report));
        Assert.Contains("instances/testinstance", await Inventory.ReadAsync(cloud.Proxy.Endpoint, cloud.Options.Project));
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Fact]
    public async Task A_test_instance_that_somebody_only_stops_is_deleted_all_the_same()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        // It says that it is on its way down for as long as the deletion is refused.
        var (refusals, looks) = (0, 0);
        cloud.Proxy.Faults = request => (request.Method, request.Path.EndsWith(TestInstance, StringComparison.Ordinal)) switch
        {
            ("DELETE", true) when Interlocked.Increment(ref refusals) <= 3 => new(Status: 503),
            ("GET", true) when refusals is > 0 and <= 3 && Interlocked.Increment(ref looks) > 0 => new(Status: 200, Body: """{"name":"testinstance","status":"STOPPING"}"""),
            _ => null,
        };

        await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });

        Assert.Equal((4, 0), (refusals, looks));
    }

    [Fact]
    public async Task One_that_is_still_on_its_way_down_is_waited_for()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        var looks = 0;
        var going = new
        {
            name = "testinstance", status = "STOPPING",
            labels = new Dictionary<string, string> { ["primedeploy-deployment"] = cloud.Options.Name, ["primedeploy-spec"] = "0123456789abcdef" },
        };
        cloud.Proxy.Faults = request => request.Method == "GET" && request.Path.EndsWith(TestInstance, StringComparison.Ordinal) && Interlocked.Increment(ref looks) <= 3
            ? new(Status: 200, Body: JsonSerializer.Serialize(going)) : null;
        var before = new List<int>();
        cloud.Proxy.Hold = request =>
        {
            if (request is { Method: "POST" } && request.Path.EndsWith("/zones/us-west1-b/instances", StringComparison.Ordinal)) before.Add(cloud.Requests("DELETE", TestInstance).Count);
            return Task.CompletedTask;
        };

        var report = await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });

        Assert.Contains(report.Checks, check => check.From == "testinstance");
        Assert.Equal([0], before);
        Assert.True(looks > 3);
    }

    [Fact]
    public async Task A_test_instance_that_nobody_deletes_is_deleted_by_the_cloud_after_an_hour()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        cloud.Proxy.Faults = request => IsDeletion(request) ? new(Status: 403) : null;

        await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });

        var left = await CloudConnection.At(cloud.Proxy.Endpoint).Instances.GetAsync(cloud.Options.Project, cloud.Options.Zone, "testinstance");
        Assert.Equal((3600, "DELETE"), (left.Scheduling.MaxRunDuration.Seconds, left.Scheduling.InstanceTerminationAction));
    }

    [Fact]
    public async Task A_test_instance_that_cannot_be_deleted_is_a_failed_check()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (service, run) = await DeployAsync(cloud);
        cloud.Proxy.Faults = request => IsDeletion(request) ? new(Status: 403) : null;

        var report = await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });

        Assert.Equal(CheckResult.Failed, Assert.Single(report.Checks, check => check.Asked == "delete instance testinstance").Result);
    }

    [Theory]
    [InlineData("/forwardingRules", 1)]
    [InlineData("/addresses", 0)]
    public async Task A_deployment_that_fails_deletes_the_test_instance_that_was_made_for_it(string refused, int deletions)
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Proxy.Faults = request => request is { Method: "POST" } && request.Path.EndsWith(refused, StringComparison.Ordinal) ? new(Status: 400) : null;

        var report = await cloud.Engine.Start(PrimeService.Describe(cloud.Options), new() { KeepLease = true, PrepareTest = true }).Completed;

        Assert.False(report.Succeeded);
        Assert.Equal(deletions, cloud.Requests("DELETE", TestInstance).Count);
        Assert.DoesNotContain("instances/testinstance", await Inventory.ReadAsync(cloud.Proxy.Endpoint, cloud.Options.Project));
    }

    [Fact]
    public async Task While_a_group_rolls_over_no_test_instance_asks_the_machines_of_the_version_before()
    {
        await using var cloud = await TestCloud.StartAsync();
        await DeployAsync(cloud);
        cloud.Proxy.Forget();

        var service = PrimeService.Describe(cloud.Options with { MachineType = "e2-small" });
        var run = cloud.Engine.Start(service, new() { KeepLease = true, PrepareTest = true });
        Assert.True((await run.Completed).Succeeded);
        Assert.Empty(cloud.Requests("POST", "/zones/us-west1-b/instances"));
        await cloud.Engine.VerifyAsync(service, run, new() { Patience = TimeSpan.Zero });
        Assert.Single(cloud.Requests("POST", "/zones/us-west1-b/instances"));
    }

    private static async Task<(PrimeService Service, DeploymentRun Run)> DeployAsync(TestCloud cloud)
    {
        var service = PrimeService.Describe(cloud.Options);
        var run = cloud.Engine.Start(service);
        Assert.True((await run.Completed).Succeeded);
        return (service, run);
    }

    private static bool IsDeletion(ProxiedRequest request) => request.Method == "DELETE" && request.Path.EndsWith(TestInstance, StringComparison.Ordinal);

    private static async Task SetLatencyAsync(TestCloud cloud, string profile)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsJsonAsync(new Uri(cloud.Proxy.Endpoint, "/localcloud/latency"), new { profile });
        answer.EnsureSuccessStatusCode();
    }
}
