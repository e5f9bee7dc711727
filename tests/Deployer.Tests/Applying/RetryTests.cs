namespace PrimeDeploy.Deployer.Tests.Applying;

/// <summary>What goes wrong between the Deployer and the cloud, and passes.</summary>
public sealed class RetryTests
{
    private const string Firewalls = "/global/firewalls";

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    public async Task Apply_retries_a_passing_failure_and_creates_the_firewall_once(int status)
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Proxy.Faults = Twice(request =>
            request.Method == "POST" && request.Path.EndsWith(Firewalls, StringComparison.Ordinal), new(status));

        var report = await Apply(cloud);

        Assert.True(report.Succeeded);
        var inserts = cloud.Requests("POST", Firewalls);
        Assert.Equal(3, inserts.Count);
        Assert.Single(inserts.Select(insert => insert.RequestId).Distinct());
        Assert.Equal(2, cloud.Events.OfType<CallRetried>().Count(retried => retried.Call == "create firewall rule lb-http"));
    }

    [Fact]
    public async Task A_rate_limit_that_Compute_Engine_calls_403_is_waited_out()
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Proxy.Faults = Twice(request => request.Method == "POST" && request.Path.EndsWith(Firewalls, StringComparison.Ordinal),
            new(403, """{"error":{"code":403,"message":"Rate Limit Exceeded","errors":[{"message":"Rate Limit Exceeded","domain":"usageLimits","reason":"rateLimitExceeded"}]}}"""));

        Assert.True((await Apply(cloud)).Succeeded);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_under_the_same_request_id_and_nothing_is_made_twice()
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Proxy.Faults = Twice(request =>
            request.Method == "POST" && request.Path.EndsWith(Firewalls, StringComparison.Ordinal), new(LosesAnswer: true));

        var report = await Apply(cloud);

        Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message)));
        Assert.Single(cloud.Requests("POST", Firewalls).Select(insert => insert.RequestId).Distinct());
    }

    [Fact]
    public async Task What_an_earlier_run_made_before_it_was_killed_is_taken_as_made()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.True((await Apply(cloud)).Succeeded);

        // The list does not have yet what is there; the insertion then collides with it.
        var hidden = 0;
        cloud.Proxy.Faults = request =>
            request.Method == "GET" && request.Path.EndsWith(Firewalls, StringComparison.Ordinal)
                && hidden++ == 0 ? new(200, """{"kind":"compute#firewallList"}""") : null;
        var report = await Apply(cloud);

        Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message)));
        Assert.Equal(PlanAction.Create, Assert.Single(report.Outcomes, outcome => outcome.Resource.Name == "lb-http").Action);
    }

    [Fact]
    public async Task A_refusal_is_not_retried_and_is_reported_with_what_Google_said_and_what_to_do()
    {
        await using var cloud = await TestCloud.StartAsync();
        cloud.Proxy.Faults = request => request.Method == "POST" && request.Path.EndsWith(Firewalls, StringComparison.Ordinal)
            ? new(403, """{"error":{"code":403,"message":"Required 'compute.firewalls.create' permission for 'projects/my-project/global/firewalls/lb-http'","errors":[{"message":"x","domain":"global","reason":"forbidden"}]}}""")
            : null;

        var report = await Apply(cloud);

        var failure = Assert.Single(report.Failures);
        Assert.Equal(
            "firewall rule lb-http: create firewall rule lb-http: PermissionDenied: Required 'compute.firewalls.create' permission for "
            + "'projects/my-project/global/firewalls/lb-http' Grant the role that has this permission to the account that deploys.",
            failure.Message);
        Assert.Single(cloud.Requests("POST", Firewalls));
        // What does not depend on it went on.
        Assert.Contains(report.Outcomes, outcome => outcome.Resource.Kind == "health check");
        Assert.Empty(report.Blocked);
    }

    [Fact]
    public async Task A_cloud_that_is_not_there_is_said_once_and_soon()
    {
        using var workplace = new Workplace();
        var engine = new DeploymentEngine(CloudConnection.At(new Uri("http://127.0.0.1:1")));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        var failed = await Assert.ThrowsAsync<CloudException>(() =>
            engine.PlanAsync(PrimeService.Describe(workplace.Options), null, limit.Token));

        Assert.Matches("^read (zone|bucket) [-a-z0-9]+: Unreachable: Connection refused", failed.Message); // What is read first is read at once.
        Assert.EndsWith("Is the local cloud running, and the address right?", failed.Message, StringComparison.Ordinal);
    }

    private static Task<ApplyReport> Apply(TestCloud cloud)
    {
        var access = new SubnetworkAccess("default", Step.Bucket);
        var deployment = new Deployment(cloud.Options,
        [
            access,
            new FirewallRule("lb-http", Step.Firewall, "default", 80, null, access, "backend") { After = [access] },
            new HealthCheck("lb-health", Step.HealthCheck, "/2", 80, ProbeRhythm.Balancing),
        ]);
        return cloud.Engine.Start(deployment).Completed;
    }

    private static Func<ProxiedRequest, Fault?> Twice(Func<ProxiedRequest, bool> which, Fault fault)
    {
        var left = 2;
        return request => which(request) && Interlocked.Decrement(ref left) >= 0 ? fault : null;
    }
}
