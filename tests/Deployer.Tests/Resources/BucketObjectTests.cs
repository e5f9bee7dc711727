using PrimeDeploy.Deployer.Tests.Faults;

namespace PrimeDeploy.Deployer.Tests.Resources;

public sealed class BucketObjectTests
{
    [Fact]
    public async Task An_upload_that_is_answered_503_again_and_again_ends_with_the_object_the_bucket_and_the_last_answer()
    {
        await using var cloud = await TestCloud.StartAsync();
        // The sessions are opened; none of their content is taken. The lease has none.
        cloud.Proxy.Faults = request => request is { Method: "PUT", Length: > 0 }
            ? new(503, """{"error":{"code":503,"message":"We encountered an internal error."}}""") : null;
        var service = PrimeService.Describe(cloud.Options);

        var report = await new DeploymentEngine(CloudConnection.At(cloud.Proxy.Endpoint), null, new FastTime(100))
            .Start(service, new RunOptions { Steps = new HashSet<Step> { Step.Bucket } }).Completed;

        var failure = Assert.Single(report.Failures, failed => failed.Resource.Name.StartsWith("primes/", StringComparison.Ordinal));
        Assert.Equal(
            $"{failure.Resource}: create {failure.Resource}: NoProgress: For 180 s nothing more of it got through to gs://my-project-primedeploy-lab; "
            + "last the answer was HTTP 503 We encountered an internal error. Cloud Storage (https://status.cloud.google.com) or a proxy on the way "
            + "is out of order: deploy again when it answers. What is there already stays.",
            failure.Message);
        // Not a busy loop: after the first few tries one in ten seconds.
        Assert.InRange(cloud.Requests("PUT", "/o").Count / report.Failures.Count, 2, 100);
    }
}
