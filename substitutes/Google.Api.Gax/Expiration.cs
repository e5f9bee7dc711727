namespace Google.Api.Gax;

/// <summary>How the end of a call or of a polling is given.</summary>
public enum ExpirationType
{
    None,
    Timeout,
    Deadline,
}

/// <summary>When a call, or the polling of an operation, is given up: after a time, at a time, or never.</summary>
public sealed class Expiration
{
    private Expiration(TimeSpan? timeout, DateTime? deadline)
    {
        Timeout = timeout;
        Deadline = deadline;
    }

    public static Expiration None { get; } = new(null, null);

    public TimeSpan? Timeout { get; }

    /// <summary>In UTC; null unless this is a deadline.</summary>
    public DateTime? Deadline { get; }

    public ExpirationType Type => Timeout.HasValue ? ExpirationType.Timeout : Deadline.HasValue ? ExpirationType.Deadline : ExpirationType.None;

    public static Expiration FromTimeout(TimeSpan timeout) => new(timeout, null);

    public static Expiration FromDeadline(DateTime deadline) => new(null, deadline);
}
