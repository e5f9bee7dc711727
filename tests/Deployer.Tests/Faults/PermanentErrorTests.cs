using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Server;
using CloudFault = PrimeDeploy.LocalCloud.Faults.Fault;

namespace PrimeDeploy.Deployer.Tests.Faults;

/// <summary>What does not pass is not tried again: one message with Google's words, the resource, and what to do.</summary>
public sealed class PermanentErrorTests
{
    [Fact]
    public async Task A_quota_stops_the_resource_at_once()
    {
        var failure = await FailAsync(new CloudFault { Collection = "instances", Name = "frontend", Shortage = Shortage.Quota });

        Assert.Equal(
            "instance frontend: create instance frontend: QUOTA_EXCEEDED: Quota 'CPUS' exceeded.  Limit: 0.0 in region us-west1. "
            + "Ask for more of this quota, deploy fewer or smaller machines (--size, --machine-type), or use another region (--zone).",
            failure);
    }

    [Fact]
    public async Task A_zone_without_machines_stops_the_resource_at_once()
    {
        var failure = await FailAsync(new CloudFault { Collection = "instances", Name = "frontend", Shortage = Shortage.StockOut });

        Assert.Equal(
            "instance frontend: create instance frontend: ZONE_RESOURCE_POOL_EXHAUSTED: The zone 'projects/my-project/zones/us-west1-b' does not have "
            + "enough resources available to fulfill the request. Try a different zone, or try again later. The zone has no such machine left at the "
            + "moment: use another zone (--zone) or machine type (--machine-type), or try later.",
            failure);
    }

    [Theory]
    [InlineData(Shortage.StockOut, "ZONE_RESOURCE_POOL_EXHAUSTED", "use another zone (--zone)")]
    [InlineData(Shortage.Quota, "QUOTA_EXCEEDED", "Ask for more of this quota")]
    public async Task A_group_that_gets_no_machines_is_not_waited_for(Shortage shortage, string code, string advice)
    {
        // The group itself is made, and would try for ever.
        var failure = await FailAsync(new CloudFault { Collection = "instances", Verb = "insert", Shortage = shortage }, "managed instance group backend");

        Assert.Contains(code, failure, StringComparison.Ordinal);
        Assert.Contains(advice, failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_permission_stops_the_resource_at_once()
    {
        var failure = await FailAsync(new CloudFault
        {
            Collection = "backendServices", Verb = "insert", Error = new(403, "forbidden", "Required 'compute.regionBackendServices.create' permission for 'projects/my-project/regions/us-west1/backendServices/prime-service'"),
        });

        Assert.Equal(
            "backend service prime-service: create backend service prime-service: PermissionDenied: Required 'compute.regionBackendServices.create' permission for "
            + "'projects/my-project/regions/us-west1/backendServices/prime-service' Grant the role that has this permission to the account that deploys.",
            failure);
    }

    [Fact]
    public async Task An_invalid_value_stops_the_resource_at_once()
    {
        var failure = await FailAsync(new CloudFault
        {
            Collection = "forwardingRules", Verb = "insert", Error = new(400, "invalid", "Invalid value for field 'resource.IPAddress': '10.0.0.1'."),
        });

        Assert.Equal(
            "forwarding rule prime-lb: create forwarding rule prime-lb: InvalidArgument: Invalid value for field 'resource.IPAddress': '10.0.0.1'. "
            + "Google does not take this value: correct the setting that it comes from (--target=Explain lists them).",
            failure);
    }

    [Fact]
    public async Task A_quota_that_refuses_the_call_itself_is_no_missing_permission()
    {
        var failure = await FailAsync(new CloudFault
        {
            Collection = "firewalls", Verb = "insert", Name = null, Count = 1, Error = new(403, "quotaExceeded", "Quota 'FIREWALLS' exceeded.  Limit: 100.0 globally."),
        });

        Assert.EndsWith(": PermissionDenied: Quota 'FIREWALLS' exceeded.  Limit: 100.0 globally. Ask for more of this quota, deploy fewer or smaller machines "
            + "(--size, --machine-type), or use another region (--zone).", failure, StringComparison.Ordinal);
    }

    /// <summary>Deploys with a fault that never passes.</summary>
    /// <returns>The message of what failed: of the named resource, or else of the only one.</returns>
    private static async Task<string> FailAsync(CloudFault fault, string? resource = null)
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        cloud.AddFaults(fault);

        var report = await new DeploymentEngine(CloudConnection.At(cloud.Endpoint)).Start(PrimeService.Describe(workplace.Options)).Completed;

        var failure = resource is null ? Assert.Single(report.Failures) : Assert.Single(report.Failures, failed => failed.Resource.ToString() == resource);
        Assert.True(resource is not null || cloud.Faults[0].Struck == 1, "It was tried again.");
        return failure.Message;
    }
}
