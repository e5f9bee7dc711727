using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Operations;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Operations;

public sealed class OperationTests
{
    private const string Check = """{"name":"hc","type":"TCP","tcpHealthCheck":{"port":80}}""";

    [Fact]
    public async Task A_wait_returns_when_the_operation_is_done_and_shows_the_same_link_as_the_first_answer()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero));
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time, Latency = LatencyProfile.Realistic });
        var (_, started) = await cloud.SendAsync("POST", "global/healthChecks", Check);
        Assert.Equal(("RUNNING", 0L), (started.Text("status"), started.Integer("progress")));
        Assert.Matches("^operation-[0-9]{13}-[0-9a-f]{13}-[0-9a-f]{8}-[0-9a-f]{8}$", started.Text("name"));

        // A call waits for two minutes at most, which pass in a moment here: where the work took longer, it is asked again.
        JsonObject done;
        do
        {
            var wait = cloud.SendAsync("POST", started.Text("selfLink") + "/wait");
            while (!wait.IsCompleted)
                time.Advance(TimeSpan.FromSeconds(1));
            (_, done) = await wait;
        }
        while (done.Text("status") != "DONE");
        Assert.Equal(("DONE", 100L, started.Text("selfLink")), (done.Text("status"), done.Integer("progress"), done.Text("selfLink")));
        Assert.True(DateTimeOffset.Parse(done.Text("endTime")!) - DateTimeOffset.Parse(done.Text("startTime")!) >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_request_that_is_repeated_with_its_id_starts_nothing_new()
    {
        await using var cloud = await TestCloud.StartAsync();
        var id = Guid.NewGuid();
        var (_, first) = await cloud.SendAsync("POST", $"global/healthChecks?requestId={id}", Check);
        var (_, second) = await cloud.SendAsync("POST", $"global/healthChecks?requestId={id}", Check);
        Assert.Equal(first.Text("name"), second.Text("name"));
        Assert.Equal(id.ToString(), second.Text("clientOperationId"));
        await cloud.RefusedAsync(409, "alreadyExists", "POST", $"global/healthChecks?requestId={Guid.NewGuid()}", Check);

        await cloud.RestartAsync();
        var (_, third) = await cloud.SendAsync("POST", $"global/healthChecks?requestId={id}", Check);
        Assert.Equal(first.Text("name"), third.Text("name"));
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("once")]
    public async Task A_request_id_is_a_UUID(string id)
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.RefusedAsync(400, "invalid", "POST", $"global/healthChecks?requestId={id}", Check);
    }

    [Fact]
    public async Task Regional_and_zonal_operations_name_their_scope()
    {
        await using var cloud = await TestCloud.StartAsync();
        var regional = await cloud.DoAsync("POST", "regions/us-west1/subnetworks/default/setPrivateIpGoogleAccess", """{"privateIpGoogleAccess":true}""");
        Assert.Equal(cloud.Base + "regions/us-west1", regional.Text("region"));
        Assert.True((await cloud.GetAsync("regions/us-west1/subnetworks/default")).Flag("privateIpGoogleAccess"));
        await cloud.AddGroupAsync(0);
        var zonal = await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers/backend/resize?size=0");
        Assert.Equal((cloud.Base + "zones/us-west1-b", "compute.instanceGroupManagers.resize"), (zonal.Text("zone"), zonal.Text("operationType")));
        var listed = await cloud.GetAsync("aggregated/operations");
        Assert.Equal(2, listed.Object("items")!.Object("zones/us-west1-b")!.Objects("operations").Count());
    }

    [Fact]
    public async Task A_resource_that_is_being_deleted_is_not_ready_for_anything_else()
    {
        var time = new FakeTimeProvider();
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time, Latency = LatencyProfile.Realistic });
        await cloud.SendAsync("DELETE", "global/firewalls/default-allow-ssh");
        Assert.Equal(["The resource 'projects/test-project/global/firewalls/default-allow-ssh' is not ready"],
            await cloud.RefusedAsync(400, "resourceNotReady", "PATCH", "global/firewalls/default-allow-ssh", """{"disabled":true}"""));
    }

    [Fact]
    public async Task An_instance_that_is_being_deleted_is_STOPPING_and_its_name_in_use_until_the_operation_is_done()
    {
        var time = new FakeTimeProvider();
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time });
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", InstanceTests.Instance("a"));
        await cloud.SendAsync("PUT", $"{cloud.Server.Endpoint}localcloud/latency", """{"profile":"realistic"}""");

        var (_, deletion) = await cloud.SendAsync("DELETE", "zones/us-west1-b/instances/a");
        for (var second = 0; second < 20; second++)
        {
            Assert.Equal("STOPPING", (await cloud.GetAsync("zones/us-west1-b/instances/a")).Text("status"));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await cloud.RefusedAsync(400, "resourceNotReady", "POST", "zones/us-west1-b/instances", InstanceTests.Instance("a"));

        while ((await cloud.GetAsync("zones/us-west1-b/operations/" + deletion.Text("name"))).Text("status") != "DONE")
            time.Advance(TimeSpan.FromSeconds(1));
        await cloud.RefusedAsync(404, "notFound", "GET", "zones/us-west1-b/instances/a");
    }

    [Fact]
    public async Task One_that_is_deleted_while_it_is_being_made_is_there_until_the_deletion_is_done_too()
    {
        var time = new FakeTimeProvider();
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time, Latency = LatencyProfile.Realistic });
        var (_, insertion) = await cloud.SendAsync("POST", "zones/us-west1-b/instances", InstanceTests.Instance("a"));
        var (_, deletion) = await cloud.SendAsync("DELETE", "zones/us-west1-b/instances/a");

        await DoneAsync(cloud, time, insertion);
        Assert.Equal("STOPPING", (await cloud.GetAsync("zones/us-west1-b/instances/a")).Text("status"));
        await cloud.RefusedAsync(400, "resourceNotReady", "POST", "zones/us-west1-b/instances", InstanceTests.Instance("a"));

        await DoneAsync(cloud, time, deletion);
        await cloud.RefusedAsync(404, "notFound", "GET", "zones/us-west1-b/instances/a");
    }

    [Fact]
    public async Task One_that_was_to_be_reset_when_its_deletion_was_asked_for_goes()
    {
        var time = new FakeTimeProvider();
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time });
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", InstanceTests.Instance("a"));
        await cloud.SendAsync("PUT", $"{cloud.Server.Endpoint}localcloud/latency", """{"profile":"realistic"}""");
        var (_, reset) = await cloud.SendAsync("POST", "zones/us-west1-b/instances/a/reset");
        var (_, deletion) = await cloud.SendAsync("DELETE", "zones/us-west1-b/instances/a");

        await DoneAsync(cloud, time, reset);
        await DoneAsync(cloud, time, deletion);

        await cloud.RefusedAsync(404, "notFound", "GET", "zones/us-west1-b/instances/a");
    }

    [Fact]
    public async Task One_that_was_to_be_reset_when_it_was_stopped_stays_down_and_can_be_deleted()
    {
        var time = new FakeTimeProvider();
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time });
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", InstanceTests.Instance("a"));
        await cloud.SendAsync("PUT", $"{cloud.Server.Endpoint}localcloud/latency", """{"profile":"realistic"}""");
        await cloud.SendAsync("POST", "zones/us-west1-b/instances/a/stop");
        var (_, reset) = await cloud.SendAsync("POST", "zones/us-west1-b/instances/a/reset");

        Assert.NotNull((await DoneAsync(cloud, time, reset))["error"]);

        Assert.Equal("TERMINATED", (await cloud.GetAsync("zones/us-west1-b/instances/a")).Text("status"));
        await DoneAsync(cloud, time, (await cloud.SendAsync("DELETE", "zones/us-west1-b/instances/a")).Body);
    }

    [Fact]
    public async Task What_a_server_had_not_finished_the_next_one_finishes()
    {
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = new FakeTimeProvider(), Latency = LatencyProfile.Realistic });
        var (_, deletion) = await cloud.SendAsync("DELETE", "global/firewalls/default-allow-ssh");
        await cloud.RestartAsync(o => o with { Latency = LatencyProfile.Instant, Time = TimeProvider.System });
        var done = await cloud.UntilAsync("global/operations/" + deletion.Text("name"), o => o.Text("status") == "DONE");
        Assert.Null(done["error"]);
        await cloud.RefusedAsync(404, "notFound", "GET", "global/firewalls/default-allow-ssh");
    }

    [Fact]
    public async Task A_deletion_whose_operation_was_never_written_is_carried_out_by_the_next_server()
    {
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = new FakeTimeProvider(), Latency = LatencyProfile.Realistic });
        await cloud.SendAsync("DELETE", "global/firewalls/default-allow-ssh");
        await cloud.Server.DisposeAsync();
        var journal = Directory.GetFiles(cloud.Server.Options.StateDirectory, "*.jsonl").Single();
        await File.WriteAllLinesAsync(journal, (await File.ReadAllLinesAsync(journal)).Where(line => !line.Contains("/operations/", StringComparison.Ordinal)));
        await cloud.RestartAsync(o => o with { Latency = LatencyProfile.Instant, Time = TimeProvider.System });
        while ((await cloud.SendAsync("GET", "global/firewalls/default-allow-ssh")).Status != System.Net.HttpStatusCode.NotFound)
            await Task.Yield();
    }

    [Fact]
    public async Task So_is_one_of_what_another_operation_is_at_work_on()
    {
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = new FakeTimeProvider(), Latency = LatencyProfile.Realistic });
        await cloud.SendAsync("PATCH", "global/firewalls/default-allow-ssh", """{"disabled":true}""");
        await cloud.SendAsync("DELETE", "global/firewalls/default-allow-ssh");
        await cloud.Server.DisposeAsync();
        var journal = Directory.GetFiles(cloud.Server.Options.StateDirectory, "*.jsonl").Single();
        var lines = await File.ReadAllLinesAsync(journal);
        await File.WriteAllLinesAsync(journal, lines.Where(line => !line.Contains("/operations/", StringComparison.Ordinal) || line.Contains("\"patch\"", StringComparison.Ordinal)));
        await cloud.RestartAsync(o => o with { Latency = LatencyProfile.Instant, Time = TimeProvider.System });
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await cloud.SendAsync("GET", "global/firewalls/default-allow-ssh")).Status != System.Net.HttpStatusCode.NotFound)
            await Task.Delay(10, limit.Token);
    }

    [Fact]
    public async Task An_operation_whose_end_cannot_be_written_is_done_when_the_disk_has_room_again()
    {
        var time = new FakeTimeProvider();
        var isFull = true;
        var refused = new TaskCompletionSource();
        var operations = new DocumentStore((_, json) =>
        {
            if (!isFull || json?.Text("status") != "DONE")
                return;
            refused.TrySetResult();
            throw new IOException("No space left on device");
        });
        await using var runner = new OperationRunner(operations, new Latency(LatencyProfile.Instant), time, NullLogger<OperationRunner>.Instance, (_, _, _) => Task.CompletedTask);
        var target = new ResourceName("test-project", "global", "firewalls", "open");
        var started = runner.Start(new OperationRequest("insert", "insert", target, TargetId: null, RequestId: null, Request: ""));
        await refused.Task;
        Assert.True(runner.IsWorkedOn(target));
        isFull = false;
        var wait = runner.WaitAsync(ResourceName.FromLink(started.Text("selfLink")).GetValueOrDefault(), Timeout.InfiniteTimeSpan, CancellationToken.None);
        while (!wait.IsCompleted)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("DONE", (await wait)!.Text("status"));
    }

    [Fact]
    public async Task A_finished_operation_can_be_deleted()
    {
        await using var cloud = await TestCloud.StartAsync();
        var operation = await cloud.DoAsync("POST", "global/healthChecks", Check);
        Assert.Equal(204, (int)(await cloud.SendAsync("DELETE", operation.Text("selfLink")!)).Status);
        await cloud.RefusedAsync(404, "notFound", "POST", operation.Text("selfLink") + "/wait");
    }

    /// <summary>Lets the time go on until the operation is done; a minute of ours at most.</summary>
    private static Task<JsonObject> DoneAsync(TestCloud cloud, FakeTimeProvider time, JsonObject operation) => cloud.UntilAsync(operation.Text("selfLink")!, now =>
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return now.Text("status") == "DONE";
    });
}
