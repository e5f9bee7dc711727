using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>What one call, or every call of a client, does differently from the default. What is null is left as it was.</summary>
public sealed class CallSettings
{
    /// <summary>How long a call lasts that is given no expiration.</summary>
    internal static Expiration DefaultExpiration { get; } = Expiration.FromTimeout(TimeSpan.FromSeconds(600));

    internal CallSettings(CancellationToken? cancellationToken, Expiration expiration, RetrySettings retry, Action<Metadata> headerMutation)
    {
        CancellationToken = cancellationToken;
        Expiration = expiration;
        Retry = retry;
        HeaderMutation = headerMutation;
    }

    public CancellationToken? CancellationToken { get; }

    public Expiration Expiration { get; }

    public RetrySettings Retry { get; }

    public Action<Metadata> HeaderMutation { get; }

    public static CallSettings FromCancellationToken(CancellationToken cancellationToken) => new(cancellationToken, null, null, null);

    public static CallSettings FromExpiration(Expiration expiration) => expiration is null ? null : new(null, expiration, null, null);

    public static CallSettings FromRetry(RetrySettings retry) => retry is null ? null : new(null, null, retry, null);

    public static CallSettings FromHeaderMutation(Action<Metadata> headerMutation) =>
        headerMutation is null ? null : new(null, null, null, headerMutation);

    public static CallSettings FromHeader(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return FromHeaderMutation(headers => headers.Add(name, value));
    }
}
