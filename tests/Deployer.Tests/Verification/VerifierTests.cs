using System.Net.Http.Json;

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

    private static async Task<(PrimeService Service, DeploymentRun Run)> DeployAsync(TestCloud cloud)
    {
        var service = PrimeService.Describe(cloud.Options);
        var run = cloud.Engine.Start(service);
        Assert.True((await run.Completed).Succeeded);
        return (service, run);
    }
}
