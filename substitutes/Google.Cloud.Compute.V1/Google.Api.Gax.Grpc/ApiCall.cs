using Google.Protobuf;
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>One method with its defaults: 600 s, and for reads a retry of what is unavailable.</summary>
/// <remarks>The defaults are those of the published client (compute_grpc_service_config.json in googleapis/googleapis).</remarks>
internal sealed class ApiCall<TRequest, TResponse>(
    Func<TRequest, CallOptions, Task<TResponse>> send, bool retried, TimeProvider time)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private static readonly RetrySettings ReadRetry = RetrySettings.FromExponentialBackoff(
        int.MaxValue,
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromSeconds(60),
        1.3,
        RetrySettings.FilterForStatusCodes(StatusCode.DeadlineExceeded, StatusCode.Unavailable));

    private readonly CallSettings _defaults =
        new(null, CallSettings.DefaultExpiration, retried ? ReadRetry : null, null);

    /// <summary>Makes the call, again and again as far as its retry goes; all attempts share one deadline.</summary>
    public async Task<TResponse> Async(TRequest request, CallSettings callSettings)
    {
        ArgumentNullException.ThrowIfNull(request);
        var settings = _defaults.MergedWith(callSettings);
        var options = Options(settings);
        if (settings.Retry is not { } retry)
            return await send(request, options);

        var backoff = retry.InitialBackoff;
        for (var attempt = 1; ; attempt++)
        {
            var delay = retry.BackoffJitter.GetDelay(backoff);
            try
            {
                return await send(request, options);
            }
            catch (Exception exception) when (
                attempt < retry.MaxAttempts
                && !(time.GetUtcNow().UtcDateTime + delay >= options.Deadline)
                && retry.RetryFilter(exception))
            {
                await Task.Delay(delay, time, options.CancellationToken);
            }

            backoff = retry.NextBackoff(backoff);
        }
    }

    private CallOptions Options(CallSettings settings)
    {
        var headers = new Metadata();
        settings.HeaderMutation?.Invoke(headers);
        var deadline = settings.Expiration switch
        {
            { Timeout: { } timeout } => time.GetUtcNow().UtcDateTime + timeout,
            { Deadline: { } moment } => moment,
            _ => (DateTime?)null,
        };
        return new CallOptions(headers, deadline, settings.CancellationToken ?? CancellationToken.None);
    }
}
