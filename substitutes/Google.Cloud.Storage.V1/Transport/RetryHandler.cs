using Google.Apis.Http;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>Waits 1, 2, 4, … 32 s and tries again what a server could not answer. How often is the runtime's: three attempts.</summary>
internal sealed class RetryHandler : IHttpUnsuccessfulResponseHandler
{
    public static RetryHandler Instance { get; } = new();

    public async Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        if (!args.SupportsRetry || (int)args.Response.StatusCode is not (408 or 429 or 500 or 502 or 503 or 504))
            return false;
        await Task.Delay(TimeSpan.FromSeconds(1 << Math.Min(args.CurrentFailedTry - 1, 5)), TimeProvider.System, args.CancellationToken);
        return true;
    }
}
