namespace Google.Api.Gax;

/// <summary>How often a long-running operation is asked for, and for how long.</summary>
public sealed class PollSettings
{
    public PollSettings(Expiration expiration, TimeSpan delay)
        : this(expiration, delay, 1.0, delay)
    {
    }

    /// <exception cref="ArgumentOutOfRangeException">A negative delay, or a multiplier below 1.</exception>
    public PollSettings(Expiration expiration, TimeSpan delay, double delayMultiplier, TimeSpan maxDelay)
    {
        ArgumentNullException.ThrowIfNull(expiration);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, TimeSpan.Zero);
        if (!(delayMultiplier >= 1.0))
            throw new ArgumentOutOfRangeException(nameof(delayMultiplier), delayMultiplier, "Each delay is at least as long as the one before it.");

        Expiration = expiration;
        Delay = delay;
        DelayMultiplier = delayMultiplier;
        MaxDelay = maxDelay;
    }

    public Expiration Expiration { get; }

    public TimeSpan Delay { get; }

    public double DelayMultiplier { get; }

    public TimeSpan MaxDelay { get; }
}
