namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>A run that was killed, perhaps the next one too, and what became of it.</summary>
/// <param name="Kills">Where they were killed, one run after the other.</param>
/// <param name="Late">The points that a run did not come to.</param>
/// <param name="Calls">How many calls the run made that nobody killed.</param>
/// <param name="Problem">What was not as it has to be in the end; null for nothing.</param>
internal sealed record Crash(IReadOnlyList<CrashPoint> Kills, IReadOnlyList<CrashPoint> Late, int Calls, string? Problem)
{
    /// <summary>
    /// Each once more, with a kill during its recovery; before and after take turns. The longest recoveries have calls that no other has, so
    /// they get those, and every call of a recovery is met as long as there are as many crashes.
    /// </summary>
    public static IEnumerable<IReadOnlyList<CrashPoint>> Again(IEnumerable<Crash> crashes)
    {
        var call = 0;
        foreach (var (index, crash) in crashes.OrderByDescending(crash => crash.Calls).Index())
        {
            call = call <= 1 ? crash.Calls : Math.Min(call - 1, crash.Calls);
            yield return [.. crash.Kills, new(CrashPoint.AnyCall, call, After: index % 2 == 0)];
        }
    }

    public override string ToString() => string.Join(", then ", Kills);
}
