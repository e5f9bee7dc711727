using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>Instances that may run only so long.</summary>
public sealed class RunLimitTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_instance_that_may_not_run_longer_is_deleted_when_its_action_says_so()
    {
        var time = new FakeTimeProvider(Start);
        await using var lab = await ControlLab.SimulatedAsync(time: time);
        var instance = await BootAsync(lab, "DELETE");

        await AdvanceAsync(lab, time, () => lab.Store.Find(instance) is null);

        Assert.True(time.GetUtcNow() >= Start.AddMinutes(1));
        Assert.True(lab.Host["a"].Exited.IsCompleted);
    }

    [Fact]
    public async Task Or_stopped_and_each_start_gives_it_the_whole_time_again()
    {
        var time = new FakeTimeProvider(Start);
        await using var lab = await ControlLab.SimulatedAsync(time: time);
        var instance = await BootAsync(lab, "STOP");
        Assert.Equal(Start.AddMinutes(1), RunLimit.EndOf(lab.Get(instance)));

        await AdvanceAsync(lab, time, () => lab.Get(instance).Text("status") == "TERMINATED");
        Assert.Null(RunLimit.EndOf(lab.Get(instance)));

        var again = time.GetUtcNow();
        await lab.Control.StartAsync(instance, lab.Deadline);
        Assert.True(RunLimit.EndOf(lab.Get(instance)) >= again.AddMinutes(1));
    }

    [Fact]
    public async Task The_longest_limit_does_not_keep_others_from_being_made()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        await BootAsync(lab, "DELETE", 120 * 24 * 60 * 60);

        await lab.BootAsync("b");
    }

    [Theory]
    [InlineData("""{"maxRunDuration":{"seconds":"29"},"instanceTerminationAction":"STOP"}""", "scheduling.maxRunDuration': '{\"seconds\":\"29\"}'. Must be 30 to 10368000 seconds.")]
    [InlineData("""{"maxRunDuration":{"nanos":5},"instanceTerminationAction":"STOP"}""", "scheduling.maxRunDuration': '{\"nanos\":5}'. Must be 30 to 10368000 seconds.")]
    [InlineData("""{"maxRunDuration":{"seconds":"60"}}""", "Required field 'resource.scheduling.instanceTerminationAction' not specified")]
    [InlineData("""{"instanceTerminationAction":"PAUSE"}""", "scheduling.instanceTerminationAction': 'PAUSE'. Must be one of STOP, DELETE.")]
    public async Task A_limit_that_cannot_be_is_refused(string scheduling, string message)
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var body = Documents.MachineProperties(null, "client");
        body["name"] = "a";
        body["scheduling"] = JsonNode.Parse(scheduling);

        var refused = Assert.ThrowsAny<Exception>(() => lab.Services.Create(new Instances(), Documents.Instance("a"), body));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static Task<ResourceName> BootAsync(ControlLab lab, string action, int seconds = 60) => lab.BootAsync("a", change: body => body["scheduling"] = new JsonObject
    {
        ["maxRunDuration"] = new JsonObject { ["seconds"] = $"{seconds}" }, ["instanceTerminationAction"] = action,
    });

    /// <summary>Lets the time go on: what waits for it may begin to wait at any moment.</summary>
    private static Task AdvanceAsync(ControlLab lab, FakeTimeProvider time, Func<bool> until) => lab.UntilAsync(() =>
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(until());
    });
}
