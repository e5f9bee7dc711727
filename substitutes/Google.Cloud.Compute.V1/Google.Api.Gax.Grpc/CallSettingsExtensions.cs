namespace Google.Api.Gax.Grpc;

/// <summary>Settings made from settings. All of them take null for "none yet".</summary>
public static class CallSettingsExtensions
{
    /// <summary>Both settings; where both say something, <paramref name="overlaid"/> wins. Header mutations run one after the other.</summary>
    public static CallSettings MergedWith(this CallSettings original, CallSettings overlaid) =>
        original is null ? overlaid
        : overlaid is null ? original
        : new CallSettings(
            overlaid.CancellationToken ?? original.CancellationToken,
            overlaid.Expiration ?? original.Expiration,
            overlaid.Retry ?? original.Retry,
            original.HeaderMutation + overlaid.HeaderMutation);

    public static CallSettings WithCancellationToken(this CallSettings settings, CancellationToken cancellationToken) =>
        settings.MergedWith(CallSettings.FromCancellationToken(cancellationToken));

    /// <summary>The settings with this expiration; null takes it away.</summary>
    public static CallSettings WithExpiration(this CallSettings settings, Expiration expiration) =>
        settings is null
            ? CallSettings.FromExpiration(expiration)
            : new CallSettings(settings.CancellationToken, expiration, settings.Retry, settings.HeaderMutation);

    /// <summary>The settings with this retry; null leaves the retry to the client's own settings.</summary>
    public static CallSettings WithRetry(this CallSettings settings, RetrySettings retry) =>
        settings is null
            ? CallSettings.FromRetry(retry)
            : new CallSettings(settings.CancellationToken, settings.Expiration, retry, settings.HeaderMutation);

    public static CallSettings WithHeader(this CallSettings settings, string name, string value) =>
        settings.MergedWith(CallSettings.FromHeader(name, value));

    public static CallSettings WithTimeout(this CallSettings settings, TimeSpan timeout) =>
        settings.WithExpiration(Expiration.FromTimeout(timeout));

    /// <param name="settings">May be null.</param>
    /// <param name="deadline">In UTC.</param>
    public static CallSettings WithDeadline(this CallSettings settings, DateTime deadline) =>
        settings.WithExpiration(Expiration.FromDeadline(deadline));

    /// <summary>The call ends at the deadline, unless its own expiration comes first.</summary>
    internal static CallSettings WithEarlierDeadline(this CallSettings settings, DateTime? deadline, TimeProvider time)
    {
        if (deadline is null)
            return settings;
        var own = settings?.Expiration ?? CallSettings.DefaultExpiration;
        var end = own.Deadline ?? time.GetUtcNow().UtcDateTime + own.Timeout;
        return end < deadline ? settings : settings.WithDeadline(deadline.Value);
    }
}
