namespace PrimeDeploy.Deployer;

/// <summary>Asks again and again for what the API has no event for: soon at first, then less and less often, and not for ever.</summary>
internal sealed class Poll(TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pause = First;

    public bool IsOver => time.GetElapsedTime(_start) > limit;

    /// <summary>It takes so long that it may be worth finding out why.</summary>
    public bool IsLong => time.GetElapsedTime(_start) > TimeSpan.FromSeconds(15);

    public async Task NextAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_pause, time, cancellationToken);
        _pause = TimeSpan.FromTicks(Math.Min((long)(_pause.Ticks * 1.15), Longest.Ticks));
    }
}
