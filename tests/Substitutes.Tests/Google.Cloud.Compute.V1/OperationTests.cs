using Google.Api.Gax;
using Google.Cloud.Compute.V1;
using Google.LongRunning;
using Grpc.Core;
using Operation = Google.Cloud.Compute.V1.Operation;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudCompute;

public sealed class OperationTests
{
    private static readonly PollSettings AtOnce = new(Expiration.FromTimeout(TimeSpan.FromSeconds(30)), TimeSpan.Zero);

    [Fact]
    public async Task An_operation_of_a_zone_is_asked_for_in_its_zone_until_it_is_done()
    {
        await using var server = await LoopbackServer.AnsweringAsync(
            Answer.Json("""{"name":"op-1","status":"PENDING"}"""),
            Answer.Json("""{"name":"op-1","status":"RUNNING","progress":50}"""),
            Answer.Json("""{"name":"op-1","status":"DONE","progress":100,"targetId":"42"}"""));
        var client = new InstancesClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        var started = await client.DeleteAsync(new DeleteInstanceRequest { Project = "p", Zone = "us-west1-b", Instance = "frontend" });
        Assert.False(started.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => started.Result);

        var progress = new List<int>();
        var completed = await started.PollUntilCompletedAsync(AtOnce, null, operation => progress.Add(operation.Progress));

        Assert.Equal("zone/us-west1-b/operation/op-1/project/p", completed.Name);
        Assert.True(completed.IsCompleted);
        Assert.Equal(42UL, completed.Result.TargetId);
        Assert.Equal([50, 100], progress);
        Assert.All(server.Requests[1..], request =>
            Assert.Equal("GET /compute/v1/projects/p/zones/us-west1-b/operations/op-1", $"{request.Method} {request.Target}"));
    }

    [Fact]
    public async Task An_operation_that_has_ended_is_told_of_without_another_call()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("""{"name":"op-1","status":"DONE","progress":100}"""));
        var client = new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        var progress = new List<int>();
        var ended = await client.DeleteAsync(new DeleteFirewallRequest { Project = "p", Firewall = "http" });
        await ended.PollUntilCompletedAsync(AtOnce, null, operation => progress.Add(operation.Progress));

        Assert.Equal([100], progress);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Operations_of_a_region_and_of_the_project_are_asked_for_there()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("""{"name":"op-1","status":"RUNNING"}"""));
        var rules = new ForwardingRulesClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        var checks = new HealthChecksClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        await (await rules.DeleteAsync(new DeleteForwardingRuleRequest { Project = "p", Region = "us-west1", ForwardingRule = "r" })).PollOnceAsync();
        await (await checks.DeleteAsync(new DeleteHealthCheckRequest { Project = "p", HealthCheck = "h" })).PollOnceAsync();

        Assert.Equal("/compute/v1/projects/p/regions/us-west1/operations/op-1", server.Requests[1].Target);
        Assert.Equal("/compute/v1/projects/p/global/operations/op-1", server.Requests[3].Target);
    }

    [Fact]
    public async Task A_failed_operation_has_an_exception_and_its_codes_in_the_metadata()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(
            """
            {"name":"op-1","status":"DONE","httpErrorStatusCode":503,"httpErrorMessage":"SERVICE UNAVAILABLE",
             "error":{"errors":[{"code":"ZONE_RESOURCE_POOL_EXHAUSTED","message":"no room","errorDetails":[{"quotaInfo":{"limit":8.0}}]}]}}
            """));
        var client = new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        Operation<Operation, Operation> failed = await client.DeleteAsync(new DeleteFirewallRequest { Project = "p", Firewall = "http" });

        Assert.True(failed.IsCompleted);
        Assert.True(failed.IsFaulted);
        Assert.Equal((int)StatusCode.Unavailable, failed.Exception.Status.Code);
        Assert.Equal("SERVICE UNAVAILABLE", Assert.Throws<OperationFailedException>(() => failed.Result).Message);
        Assert.Equal("ZONE_RESOURCE_POOL_EXHAUSTED", Assert.Single(failed.Metadata.Error.Errors).Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Polling_ends_with_a_timeout_when_its_settings_expire()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("""{"name":"op-1","status":"RUNNING"}"""));
        var client = new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        var started = await client.DeleteAsync(new DeleteFirewallRequest { Project = "p", Firewall = "http" });

        // The next poll would come after the end.
        var soon = new PollSettings(Expiration.FromTimeout(TimeSpan.FromSeconds(30)), TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<TimeoutException>(() => started.PollUntilCompletedAsync(soon));
    }

    [Fact]
    public async Task A_poll_that_hangs_ends_when_the_settings_expire()
    {
        await using var server = await LoopbackServer.StartAsync(async (request, aborted) =>
        {
            if (request.Method == "GET") await Task.Delay(Timeout.Infinite, aborted);
            return Answer.Json("""{"name":"op-1","status":"RUNNING"}""");
        });
        var client = new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        var started = await client.DeleteAsync(new DeleteFirewallRequest { Project = "p", Firewall = "http" });

        var soon = new PollSettings(Expiration.FromTimeout(TimeSpan.FromMilliseconds(50)), TimeSpan.Zero);
        var error = await Assert.ThrowsAsync<RpcException>(() => started.PollUntilCompletedAsync(soon));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }
}
