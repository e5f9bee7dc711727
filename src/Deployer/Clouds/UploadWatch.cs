using System.Net;
using System.Text.Json;
using Google.Apis.Http;
using Google.Apis.Upload;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Google's resumable upload asks a server that answers 5xx again at once, and for ever. Here it asks less and less often, and ends when
/// nothing has got through for too long.
/// </summary>
internal sealed class UploadWatch : IProgress<IUploadProgress>, IDisposable
{
    /// <summary>A chunk of 10 MiB may take HttpClient's 100 s; this is longer.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly AsyncLocal<UploadWatch?> Current = new();

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stuck;
    private string _lastAnswer = "there was no answer";
    private TimeSpan _delay = FirstDelay;
    private long _arrived;

    private UploadWatch(TimeProvider time)
    {
        _time = time;
        _stuck = new(LongestPause, time);
    }

    /// <summary>Makes clients whose uploads can be watched.</summary>
    public static HttpClientFactory ClientFactory { get; } = new WatchedFactory();

    /// <summary>Uploads with a client of <see cref="ClientFactory"/>.</summary>
    /// <param name="what">For people: "create object primes".</param>
    /// <param name="bucket">The bucket's name.</param>
    /// <param name="upload">Begins the upload and tells of its progress.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CloudException">Nothing got through any more.</exception>
    public static async Task<T> RunAsync<T>(
        string what, string bucket, Func<IProgress<IUploadProgress>, CancellationToken, Task<T>> upload, TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var watch = new UploadWatch(time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch._stuck.Token);
        Current.Value = watch;
        try
        {
            return await upload(watch, either.Token);
        }
        catch (Exception) when (watch._stuck.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CloudException(new(what, "NoProgress",
                $"For {LongestPause.TotalSeconds:0} s nothing more of it got through to gs://{bucket}; last {watch._lastAnswer}.",
                "Cloud Storage (https://status.cloud.google.com) or a proxy on the way is out of order: "
                + "deploy again when it answers. What is there already stays."));
        }
    }

    /// <summary>Also told when a chunk was asked for once more: only bytes that arrived are progress.</summary>
    public void Report(IUploadProgress value)
    {
        if (value.BytesSent <= _arrived) return;
        _arrived = value.BytesSent;
        _delay = FirstDelay;
        _stuck.CancelAfter(LongestPause);
    }

    public void Dispose() => _stuck.Dispose();

    private async Task NoteAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode < HttpStatusCode.InternalServerError) return;
        _lastAnswer = $"the answer was HTTP {(int)response.StatusCode} {Message(await response.Content.ReadAsStringAsync(cancellationToken))}".TrimEnd(' ', '.');
        await Task.Delay(_delay, _time, cancellationToken);
        _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LongestDelay.Ticks));
    }

    /// <summary>The message of Google's error body, or the beginning of any other.</summary>
    private static string Message(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("error").GetProperty("message").GetString() ?? "";
        }
        catch (Exception notGoogles) when (notGoogles is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body[..Math.Min(body.Length, 200)];
        }
    }

    private sealed class WatchedFactory : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new WatchedHandler(base.CreateHandler(args));
    }

    private sealed class WatchedHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var watch = Current.Value;
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (watch is not null) await watch.NoteAsync(response, cancellationToken);
                return response;
            }
            catch (HttpRequestException broken) when (watch is not null)
            {
                watch._lastAnswer = $"the connection broke: {broken.Message}";
                throw;
            }
        }
    }
}
