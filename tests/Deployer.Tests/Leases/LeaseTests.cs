using Google.Cloud.Storage.V1;

namespace PrimeDeploy.Deployer.Tests.Leases;

public sealed class LeaseTests
{
    private static readonly RunOptions Waiting = new() { Wait = true };

    [Fact]
    public async Task A_second_run_is_told_who_works_on_the_deployment_and_changes_nothing()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options with { Owner = "alice" });
        var (reached, goOn) = HoldAt(cloud, "/backendServices");
        var first = cloud.Engine.Start(service);
        await reached;

        await using var secondsCalls = await FaultyProxy.StartAsync(cloud.Proxy.Endpoint);
        var second = new DeploymentEngine(CloudConnection.At(secondsCalls.Endpoint));
        var held = await Assert.ThrowsAsync<LeaseHeldException>(() => second.Start(service).Completed);
        var teardown = await Assert.ThrowsAsync<LeaseHeldException>(() => second.TeardownAsync(cloud.Options));

        Assert.Equal($"alice on {Environment.MachineName}", held.Owner);
        Assert.Equal(held.Owner, teardown.Owner);
        Assert.True(held.Since <= DateTimeOffset.UtcNow && held.Until > DateTimeOffset.UtcNow);
        Assert.Matches($"^lab is being worked on: alice on {Environment.MachineName} holds its lease for apply, since .* UTC. It ends at .* UTC unless it is renewed. Wait for it with --wait, or try again then.$", held.Message);
        Assert.DoesNotContain(secondsCalls.Requests, request => request.Method is not "GET" && request.Path.StartsWith("/compute", StringComparison.Ordinal));

        goOn();
        Assert.True((await first.Completed).Succeeded);
    }

    [Fact]
    public async Task A_second_run_that_waits_goes_on_when_the_first_has_ended()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        var (reached, goOn) = HoldAt(cloud, "/backendServices");
        var first = cloud.Engine.Start(service);
        await reached;

        var told = new TaskCompletionSource<LeaseAwaited>(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new DeploymentEngine(CloudConnection.At(cloud.Proxy.Endpoint), new Told(told));
        var second = engine.Start(service, Waiting);
        await told.Task.WaitAsync(TimeSpan.FromMinutes(1));
        goOn();

        Assert.True((await first.Completed).Succeeded);
        Assert.True((await second.Completed).Succeeded);
        Assert.False((await second.Planned).HasChanges);
    }

    [Fact]
    public async Task Two_runs_that_begin_together_where_nothing_is_make_everything_once()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);

        var runs = await Task.WhenAll(cloud.Engine.Start(service, Waiting).Completed, cloud.Engine.Start(service, Waiting).Completed);

        Assert.All(runs, report => Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message))));
        Assert.Single(cloud.Requests("POST", "/instanceGroupManagers"));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(60, true)]
    public async Task A_holder_on_another_machine_is_believed_until_its_time_is_over(int secondsLeft, bool isHeld)
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        await WriteAsync(cloud, secondsLeft, process: "another-boot-pid:[1]/77/123");

        var run = cloud.Engine.Start(service).Completed;

        if (isHeld) Assert.Equal("bob on far-away", (await Assert.ThrowsAsync<LeaseHeldException>(() => run)).Owner);
        else Assert.True((await run).Succeeded);
    }

    [Fact]
    public async Task A_holder_on_this_machine_that_has_ended_is_not_waited_for()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        // This process's number, but another start: the number was used again.
        await WriteAsync(cloud, 3600, (LocalProcess.Current! with { Started = "1" }).ToString());

        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
    }

    [Fact]
    public async Task A_cancelled_run_gives_its_lease_back()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        using var cancellation = new CancellationTokenSource();
        cloud.Proxy.Hold = request => request.Path.EndsWith("/instanceTemplates", StringComparison.Ordinal) && request.Method == "POST"
            ? cancellation.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cloud.Engine.Start(service, null, cancellation.Token).Completed);

        Assert.Contains(cloud.Requests("DELETE", "/o/primedeploy-lease"), _ => true);
    }

    /// <summary>Holds the first insertion into a collection.</summary>
    private static (Task Reached, Action GoOn) HoldAt(TestCloud cloud, string collection)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cloud.Proxy.Hold = request =>
        {
            if (request.Method != "POST" || !request.Path.EndsWith(collection, StringComparison.Ordinal)) return Task.CompletedTask;
            reached.TrySetResult();
            return goOn.Task;
        };
        return (reached.Task.WaitAsync(TimeSpan.FromMinutes(1)), goOn.SetResult);
    }

    private static async Task WriteAsync(TestCloud cloud, int secondsLeft, string process)
    {
        var storage = new StorageClientBuilder { BaseUri = new Uri(cloud.Proxy.Endpoint, "/storage/v1/").ToString(), UnauthenticatedAccess = true }.Build();
        using var nothing = new MemoryStream();
        await storage.UploadObjectAsync(
            new()
            {
                Bucket = cloud.Options.BucketName,
                Name = "primedeploy-lease",
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["run"] = Guid.NewGuid().ToString("N"),
                    ["owner"] = "bob on far-away",
                    ["doing"] = "apply",
                    ["process"] = process,
                    ["since"] = DateTime.UtcNow.AddMinutes(-1).ToString("O"),
                    ["until"] = DateTime.UtcNow.AddSeconds(secondsLeft).ToString("O"),
                },
            },
            nothing);
    }

    private sealed class Told(TaskCompletionSource<LeaseAwaited> told) : IProgress<DeploymentEvent>
    {
        public void Report(DeploymentEvent value)
        {
            if (value is LeaseAwaited awaited) told.TrySetResult(awaited);
        }
    }
}
