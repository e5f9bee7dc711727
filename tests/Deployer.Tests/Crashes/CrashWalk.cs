using System.Collections.Concurrent;

namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>
/// Kills runs and lets the next ones recover, each in a cloud of its own. What is dear is the start of a process: so one process has the runs
/// against several clouds, and is killed when each of them has come to its point.
/// </summary>
/// <param name="workplace">What is deployed.</param>
/// <param name="what">What is killed: deploy, verify or teardown.</param>
/// <param name="prepare">What there is before.</param>
/// <param name="recover">The run that nobody kills.</param>
/// <param name="check">Asserts what there is in the end.</param>
internal sealed class CrashWalk(Workplace workplace, string what, Func<CrashLab, Task> prepare, Func<CrashLab, Task> recover, Func<CrashLab, Task> check)
{
    private const int RunsInAProcess = 12;

    private const int ProcessesAtOnce = 2;

    /// <param name="all">Where to kill, one run after the other; for all the same number of times.</param>
    public async Task<IReadOnlyList<Crash>> RunAsync(IEnumerable<IReadOnlyList<CrashPoint>> all)
    {
        var crashes = new ConcurrentBag<Crash>();
        await Parallel.ForEachAsync(all.Chunk(RunsInAProcess), new ParallelOptions { MaxDegreeOfParallelism = ProcessesAtOnce }, async (some, _) =>
        {
            foreach (var crash in await TogetherAsync(some)) crashes.Add(crash);
        });
        return [.. crashes];
    }

    private async Task<IReadOnlyList<Crash>> TogetherAsync(IReadOnlyList<CrashPoint>[] some)
    {
        var labs = await Task.WhenAll(some.Select(_ => CrashLab.StartAsync(workplace)));
        try
        {
            await Task.WhenAll(labs.Select(prepare));
            var deaths = new List<IReadOnlyList<string?>>();
            for (var time = 0; time < some[0].Count; time++)
                deaths.Add(await CrashLab.KillAsync(what, [.. labs.Zip(some, (lab, kills) => (lab, kills[time]))]));
            return await Task.WhenAll(some.Select((kills, index) => RecoverAsync(labs[index], kills, [.. deaths.Select(death => death[index])])));
        }
        finally
        {
            await Task.WhenAll(labs.Select(lab => lab.DisposeAsync().AsTask()));
        }
    }

    /// <param name="lab">Where.</param>
    /// <param name="kills">Where the runs before were to be killed.</param>
    /// <param name="ends">How they ended instead; null for those that were killed.</param>
    private async Task<Crash> RecoverAsync(CrashLab lab, IReadOnlyList<CrashPoint> kills, IReadOnlyList<string?> ends)
    {
        var late = kills.Where((_, index) => ends[index] is not null).ToList();
        var before = lab.Calls;
        var after = before;
        try
        {
            Assert.All(ends, end => Assert.True(end is null or Program.Succeeded, end));
            await recover(lab);
            after = lab.Calls;
            await check(lab);
            return new(kills, late, (int)(after - before), null);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return new(kills, late, (int)(after - before), problem.Message);
        }
    }
}
