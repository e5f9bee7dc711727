using Xunit.Abstractions;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>
/// Killed anywhere: a process is killed right before and right after every call that it makes, and then the next run, which knows nothing of it,
/// comes to the same end as if nothing had happened. Each of these deployments and teardowns is then killed there once more, and the next run too:
/// at another of its calls each time, so that every call of a recovery has its turn.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_deployment_killed_before_or_after_any_of_its_calls_and_again_in_the_recovery_is_completed_by_the_next_one_without_orphans_or_duplicates()
    {
        using var workplace = new Workplace();
        await using var reference = await CrashLab.StartAsync(workplace);
        var calls = await reference.RecordAsync(engine => Program.DeployAsync(engine, reference.Service));
        var expected = await reference.InventoryAsync();
        var walk = new CrashWalk(workplace, "deploy", _ => Task.CompletedTask, lab => lab.DeployAsync(), lab => CheckDeployedAsync(lab, expected));

        var once = await walk.RunAsync(CrashPoint.AllOf(calls).Select(point => new[] { point }));
        Check(once);
        Check(await walk.RunAsync(Crash.Again(once)));
    }

    [Fact]
    public async Task A_teardown_killed_before_or_after_any_of_its_calls_and_again_in_the_recovery_is_completed_by_the_next_one()
    {
        using var workplace = new Workplace();
        await using var reference = await CrashLab.StartAsync(workplace);
        await reference.DeployAsync();
        var calls = await reference.RecordAsync(engine => engine.TeardownAsync(workplace.Options));
        var walk = new CrashWalk(workplace, "teardown", lab => lab.DeployAsync(), lab => lab.TeardownAsync(), async lab => Assert.Empty(await lab.InventoryAsync()));

        var once = await walk.RunAsync(CrashPoint.AllOf(calls).Select(point => new[] { point }));
        Check(once);
        Check(await walk.RunAsync(Crash.Again(once)));
    }

    /// <summary>Its reads change nothing; what it makes, the test instance and the lease, has to go.</summary>
    [Fact]
    public async Task A_verification_killed_before_or_after_any_change_that_it_makes_leaves_what_the_next_deployment_puts_right()
    {
        using var workplace = new Workplace();
        await using var reference = await CrashLab.StartAsync(workplace);
        await reference.DeployAsync();
        var expected = await reference.InventoryAsync();
        var calls = await reference.RecordAsync(engine => Program.VerifyAsync(engine, reference.Service));
        var changes = calls.Where(call => call.Method != "GET" && !call.Path.EndsWith("/getHealth", StringComparison.Ordinal)).ToList();
        Assert.Contains(changes, call => call.Method == "DELETE" && call.Path.EndsWith("/instances/testinstance", StringComparison.Ordinal));
        var walk = new CrashWalk(workplace, "verify", lab => lab.DeployAsync(), lab => lab.DeployAsync(), lab => CheckDeployedAsync(lab, expected));

        Check(await walk.RunAsync(CrashPoint.AllOf(changes).Select(point => new[] { point })));
    }

    private static async Task CheckDeployedAsync(CrashLab lab, IReadOnlyList<string> expected)
    {
        Assert.Equal(expected, await lab.InventoryAsync());
        // Each verification makes its own.
        Assert.DoesNotContain(lab.MadeTwice, path => !path.EndsWith("/testinstance", StringComparison.Ordinal));
        var plan = await lab.Engine.PlanAsync(lab.Service);
        Assert.False(plan.HasChanges, plan.Summary);
    }

    /// <summary>
    /// A run need not come to a poll, of which there may be more or fewer every time, nor to where the backend service gets its group: a service that
    /// is made when the group is there has it from the beginning. For the same reasons a recovery may end before the last calls of another one.
    /// </summary>
    private void Check(IReadOnlyList<Crash> crashes)
    {
        var late = crashes.SelectMany(crash => crash.Late).ToList();
        var second = crashes.SelectMany(crash => crash.Kills.Skip(1)).Except(late).ToList();
        output.WriteLine($"{crashes.Sum(crash => crash.Kills.Count)} kills; {late.Count} came too late: {string.Join(", ", late)}");
        if (second.Count > 0) output.WriteLine($"calls of a recovery that were met: {string.Join(' ', second.Select(kill => kill.Time).Distinct().Order())}");

        var problems = crashes.Where(crash => crash.Problem is not null).Select(crash => $"{crash}: {crash.Problem}").ToList();
        Assert.True(problems.Count == 0, $"{problems.Count} of {crashes.Count} failed:\n{string.Join('\n', problems.Take(10))}");
        Assert.All(late.Where(point => point.Call != CrashPoint.AnyCall), point =>
            Assert.Matches("^(before|after) (GET .*/instanceGroupManagers/|(GET|PATCH) .*/backendServices/)", point.ToString()));
        Assert.InRange(late.Count(point => point.Call == CrashPoint.AnyCall), 0, crashes.Count / 4);
    }
}
