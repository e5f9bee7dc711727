namespace PrimeDeploy.Deployer.Tests.Applying;

public sealed class DeploymentRunTests
{
    [Fact]
    public async Task A_failure_stops_only_what_depends_on_it()
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Proxy.Faults = request =>
            request.Method == "POST" && request.Path.EndsWith("/instanceGroupManagers", StringComparison.Ordinal)
            ? new(403, """{"error":{"code":403,"message":"Quota 'CPUS' exceeded. Limit: 8.0 in region us-west1.","errors":[{"message":"x","domain":"usageLimits","reason":"quotaExceeded"}]}}""")
            : null;
        var service = PrimeService.Describe(cloud.Options);

        var run = cloud.Engine.Start(service);
        var report = await run.Completed;

        Assert.Equal("managed instance group backend", Assert.Single(report.Failures).Resource.ToString());
        // It is made, but has no backends.
        Assert.Equal(["backend service prime-service"], report.Blocked.Select(blocked => blocked.ToString()));
        Assert.Equal(16, report.Outcomes.Count);
        Assert.False(report.Succeeded);

        var blocked = await Assert.ThrowsAsync<ResourceBlockedException>(() => run.Completion(Step.BackendService));
        Assert.Equal("backend service prime-service: not completed, because managed instance group backend failed.", blocked.Message);
        Assert.Equal("http2", (await run.Completion(Step.Frontend))[0].Resource.Name);
    }

    [Fact]
    public async Task A_step_takes_what_it_depends_on_along_and_nothing_else()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);

        var run = cloud.Engine.Start(service, new RunOptions { Steps = new HashSet<Step> { Step.BackendService } });
        await run.Completed;

        Assert.DoesNotContain(run.Resources, resource => resource.Step is Step.ForwardingRule or Step.Frontend);
        Assert.Contains(run.Resources, resource => resource.Step is Step.Template);
        Assert.Equal("http-health-check", Assert.Single(run.Resources, resource => resource.Step is Step.Firewall).Name);
        Assert.Throws<ArgumentException>(() => { _ = run.Completion(service.ResourcesOf(Step.ForwardingRule)[0]); });
    }

    [Fact]
    public async Task What_is_independent_is_made_at_the_same_time()
    {
        await using var cloud = await TestCloud.StartAsync();
        var waiting = 0;
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        // Every first insertion after the bucket's waits for the others: only if all four are under way at once does any of them go on.
        cloud.Proxy.Hold = async request =>
        {
            if (request.Method != "POST" || !(request.Path.EndsWith("/global/firewalls", StringComparison.Ordinal)
                || request.Path.EndsWith("/healthChecks", StringComparison.Ordinal))) return;
            if (Interlocked.Increment(ref waiting) == 4) together.SetResult();
            await together.Task.WaitAsync(limit.Token);
        };

        var report = await cloud.Engine.Start(PrimeService.Describe(cloud.Options)).Completed;

        Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message)));
    }

    [Fact]
    public async Task Cancelled_in_the_middle_it_stops_and_the_next_run_goes_on_from_there()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        using var cancellation = new CancellationTokenSource();
        cloud.Proxy.Hold = request =>
            request.Path.EndsWith("/backendServices", StringComparison.Ordinal)
                && request.Method == "POST" ? cancellation.CancelAsync() : Task.CompletedTask;

        var run = cloud.Engine.Start(service, null, cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion(Step.ForwardingRule));

        cloud.Proxy.Hold = _ => Task.CompletedTask;
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        Assert.False((await cloud.Engine.PlanAsync(service)).HasChanges);
    }

    [Fact]
    public async Task Every_reason_not_to_begin_is_told_at_once_and_nothing_is_made()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options with { MachineType = "e9-huge", Address = "10.138.15.254" });

        var run = cloud.Engine.Start(service);
        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() => run.Planned);

        Assert.Equal(
            [
                "address: '10.138.15.254' is one of the four that Google keeps in every subnet. Allowed is 10.138.0.2 to 10.138.15.253.",
                "machine-type: 'e9-huge' is not a machine type of us-west1-b. `gcloud compute machine-types list --zones us-west1-b` shows them; e2-medium is everywhere.",
            ],
            refused.Problems);
        Assert.All(cloud.Proxy.Requests, request => Assert.True(request.Method == "GET" || request.Path.EndsWith(":testIamPermissions", StringComparison.Ordinal), request.ToString()));
        await Assert.ThrowsAsync<DeploymentRefusedException>(() => run.Completion(Step.Bucket));
    }

    [Fact]
    public async Task An_unknown_zone_is_named_with_those_that_are_there()
    {
        await using var cloud = await TestCloud.StartAsync();

        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() =>
            cloud.Engine.PlanAsync(PrimeService.Describe(cloud.Options with { Zone = "us-west1-q" })));

        Assert.StartsWith("zone: 'us-west1-q' does not exist in project my-project. Zones of us-west1: us-west1-a, us-west1-b",
            Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_deployments_stand_side_by_side_and_a_third_may_not_take_their_names()
    {
        await using var cloud = await TestCloud.StartAsync();
        var engine = cloud.Engine;
        var other = PrimeService.Describe(cloud.Options with { Name = "pr-42" });

        Assert.True((await engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);
        var run = engine.Start(other);
        Assert.True((await run.Completed).Succeeded);
        Assert.NotEqual("10.138.0.10", (await run.Completion(other.Resources.Single(resource =>
            resource.ToString() == "address pr-42-prime-lb"))).Detail);
        Assert.False((await engine.PlanAsync(other)).HasChanges);

        var intruder = new Deployment(cloud.Options with { Name = "pr-43" }, [new HealthCheck("pr-42-ilb-health", Step.HealthCheck, "/",
            81, ProbeRhythm.Balancing)]);
        var refused = await Assert.ThrowsAsync<DeploymentRefusedException>(() => engine.Start(intruder).Completed);
        Assert.Equal(
            "health check pr-42-ilb-health is there already and belongs to the deployment pr-42: it is not touched. Tear that deployment down, deploy under another name (--name), or take it over (--adopt).",
            Assert.Single(refused.Problems));

        Assert.True((await engine.TeardownAsync(cloud.Options)).Succeeded);
        Assert.False((await engine.PlanAsync(other)).HasChanges);
    }

    [Fact]
    public async Task A_change_is_carried_out_in_place_and_a_new_machine_type_rolls_the_group_to_a_new_template()
    {
        await using var cloud = await TestCloud.StartAsync();
        var engine = cloud.Engine;
        Assert.True((await engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);

        var changed = PrimeService.Describe(cloud.Options with { Size = 2, MachineType = "e2-small" });
        var run = engine.Start(changed);
        Assert.True((await run.Completed).Succeeded);

        Assert.Equal("1 to update, 1 to replace, 1 to delete, 16 unchanged", (await run.Planned).Summary);
        Assert.False((await engine.PlanAsync(changed)).HasChanges);
        Assert.True((await engine.TeardownAsync(cloud.Options)).Succeeded);
    }
}
