using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>
/// Killed anywhere: a process is killed right before and right after every call that it makes, and then the next run, which knows nothing of it,
/// comes to the same end as if nothing had happened.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>Processes at a time; each mostly waits for its own start.</summary>
    private const int AtOnce = 4;

    [Fact]
    public async Task A_deployment_killed_before_or_after_any_of_its_calls_is_completed_by_the_next_one_without_orphans_or_duplicates()
    {
        using var workplace = new Workplace();
        var (calls, expected) = await ExpectedAsync(workplace);
        var points = CrashPoint.AllOf(calls);

        await AtEveryAsync(points, async point =>
        {
            await using var lab = await CrashLab.StartAsync(workplace);
            var isKilled = await lab.KillAsync("deploy", point);
            await CheckDeploysAsync(lab, expected);
            return isKilled;
        });
    }

    [Fact]
    public async Task A_teardown_killed_before_or_after_any_of_its_calls_is_completed_by_the_next_one()
    {
        using var workplace = new Workplace();
        await using var reference = await CrashLab.StartAsync(workplace);
        await reference.DeployAsync();
        var calls = await reference.RecordAsync(engine => engine.TeardownAsync(workplace.Options));

        await AtEveryAsync(CrashPoint.AllOf(calls), async point =>
        {
            await using var lab = await CrashLab.StartAsync(workplace);
            await lab.DeployAsync();
            var isKilled = await lab.KillAsync("teardown", point);
            await lab.TeardownAsync();
            Assert.Empty(await lab.InventoryAsync());
            return isKilled;
        });
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

        await AtEveryAsync(CrashPoint.AllOf(changes), async point =>
        {
            await using var lab = await CrashLab.StartAsync(workplace);
            await lab.DeployAsync();
            var isKilled = await lab.KillAsync("verify", point);
            await CheckDeploysAsync(lab, expected);
            return isKilled;
        });
    }

    /// <summary>All pairs would be thousands: these are drawn once, evenly over first and second calls.</summary>
    [Fact]
    public async Task A_second_kill_during_the_recovery_changes_nothing()
    {
        const int Pairs = 16;
        using var workplace = new Workplace();
        var (calls, expected) = await ExpectedAsync(workplace);
        var random = new Random(42);
        var pairs = Enumerable.Range(0, Pairs)
            .Select(pair => (First: 1 + (pair * calls.Count / Pairs), Second: 1 + random.Next(calls.Count), After: random.Next(2) == 0)).ToList();

        await AtEveryAsync(pairs, async pair =>
        {
            await using var lab = await CrashLab.StartAsync(workplace);
            await lab.KillAsync("deploy", pair.First, after: true);
            await lab.KillAsync("deploy", pair.Second, pair.After);
            await CheckDeploysAsync(lab, expected);
            return true;
        });
    }

    private static async Task<(IReadOnlyList<ProxiedRequest> Calls, IReadOnlyList<string> Expected)> ExpectedAsync(Workplace workplace)
    {
        await using var lab = await CrashLab.StartAsync(workplace);
        var calls = await lab.RecordAsync(engine => engine.Start(lab.Service).Completed);
        return (calls, await lab.InventoryAsync());
    }

    private static async Task CheckDeploysAsync(CrashLab lab, IReadOnlyList<string> expected)
    {
        await lab.DeployAsync();
        Assert.Equal(expected, await lab.InventoryAsync());
        Assert.Empty(lab.MadeTwice);
        var plan = await lab.Engine.PlanAsync(lab.Service);
        Assert.False(plan.HasChanges, plan.Summary);
    }

    /// <param name="points">When to kill.</param>
    /// <param name="attempt">
    /// Returns whether it came to the point. It need not to a poll, of which there may be more or fewer every time, nor to where the backend service
    /// gets its group: a service that is made when the group is there has it from the beginning.
    /// </param>
    private async Task AtEveryAsync<T>(IReadOnlyList<T> points, Func<T, Task<bool>> attempt)
    {
        var problems = new ConcurrentQueue<string>();
        var missed = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (point, _) =>
        {
            try
            {
                if (!await attempt(point)) missed.Enqueue(point!.ToString()!);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                problems.Enqueue($"{point}: {exception.Message}");
            }
        });
        output.WriteLine($"{points.Count} kills; {missed.Count} came too late: {string.Join(", ", missed)}");
        Assert.True(problems.IsEmpty, $"{problems.Count} of {points.Count} failed:\n{string.Join('\n', problems.Take(10))}");
        Assert.All(missed, late => Assert.Matches("^(before|after) (GET .*/instanceGroupManagers/|(GET|PATCH) .*/backendServices/)", late));
    }
}
