using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>Which failures of a call are tried again, how often, and after how long.</summary>
public sealed class RetrySettings
{
    private RetrySettings(
        int maxAttempts, TimeSpan initialBackoff, TimeSpan maxBackoff, double backoffMultiplier, Predicate<Exception> retryFilter, IJitter jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(initialBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, initialBackoff);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffMultiplier, 1.0);
        ArgumentNullException.ThrowIfNull(retryFilter);
        MaxAttempts = maxAttempts;
        InitialBackoff = initialBackoff;
        MaxBackoff = maxBackoff;
        BackoffMultiplier = backoffMultiplier;
        RetryFilter = retryFilter;
        BackoffJitter = jitter ?? RandomJitter;
    }

    /// <summary>Makes the wait before an attempt differ from one caller to the next.</summary>
    public interface IJitter
    {
        TimeSpan GetDelay(TimeSpan maxDelay);
    }

    /// <summary>Any time from zero to the full delay.</summary>
    public static IJitter RandomJitter { get; } = new Jitter(delay => delay * Random.Shared.NextDouble());

    /// <summary>The full delay.</summary>
    public static IJitter NoJitter { get; } = new Jitter(delay => delay);

    /// <summary>How often the call is made at most, the first time included.</summary>
    public int MaxAttempts { get; }

    public TimeSpan InitialBackoff { get; }

    public TimeSpan MaxBackoff { get; }

    public double BackoffMultiplier { get; }

    public Predicate<Exception> RetryFilter { get; }

    public IJitter BackoffJitter { get; }

    public static RetrySettings FromConstantBackoff(int maxAttempts, TimeSpan backoff, Predicate<Exception> retryFilter, IJitter backoffJitter = null) =>
        new(maxAttempts, backoff, backoff, 1.0, retryFilter, backoffJitter);

    public static RetrySettings FromExponentialBackoff(
        int maxAttempts,
        TimeSpan initialBackoff,
        TimeSpan maxBackoff,
        double backoffMultiplier,
        Predicate<Exception> retryFilter,
        IJitter backoffJitter = null) =>
        new(maxAttempts, initialBackoff, maxBackoff, backoffMultiplier, retryFilter, backoffJitter);

    public static Predicate<Exception> FilterForStatusCodes(params StatusCode[] statusCodes) =>
        FilterForStatusCodes((IEnumerable<StatusCode>)statusCodes);

    public static Predicate<Exception> FilterForStatusCodes(IEnumerable<StatusCode> statusCodes)
    {
        ArgumentNullException.ThrowIfNull(statusCodes);
        return exception => exception is RpcException rpc && statusCodes.Contains(rpc.StatusCode);
    }

    /// <summary>The backoff after <paramref name="currentBackoff"/>, within the bounds.</summary>
    public TimeSpan NextBackoff(TimeSpan currentBackoff)
    {
        var next = currentBackoff * BackoffMultiplier;
        return next < InitialBackoff ? InitialBackoff : next > MaxBackoff ? MaxBackoff : next;
    }

    private sealed class Jitter(Func<TimeSpan, TimeSpan> delay) : IJitter
    {
        public TimeSpan GetDelay(TimeSpan maxDelay) => delay(maxDelay);
    }
}
