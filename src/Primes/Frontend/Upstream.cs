using System.Net;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>
/// Asks the backends through their load balancer. A first try takes a kept connection. A load balancer of layer 4 chooses a backend per connection, so every further try
/// takes a new one: it reaches another backend where the first is dead, slow or gone.
/// </summary>
internal sealed class Upstream : IDisposable
{
    /// <summary>
    /// Requests at a time, over all pages; also the number of kept connections, which is enough to reach every backend of a small group:
    /// that one of three gets none of 32 has a chance of one in 140,000.
    /// </summary>
    private const int Concurrency = 32;

    /// <summary>A network within a region answers within a millisecond. A lost packet is sent again after a second: a new connection is faster.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(160);

    private const int QuickDigits = 77;

    private readonly HttpClient kept;
    private readonly HttpClient renewed;
    private readonly SemaphoreSlim slots = new(Concurrency);
    private readonly TimeSpan tryLimit;
    private readonly TimeProvider time;

    /// <param name="server">The load balancer.</param>
    /// <param name="tryLimit">How long one try may take, connecting included.</param>
    /// <param name="time">Measures limits and pauses.</param>
    internal Upstream(Uri server, TimeSpan tryLimit, TimeProvider time)
    {
        this.tryLimit = tryLimit;
        this.time = time;
        kept = Client(server, keepFor: TimeSpan.FromMinutes(5));
        renewed = Client(server, keepFor: TimeSpan.Zero);
    }

    /// <summary>Tries until there is an answer, a refusal that will not change, or the deadline; never throws for what a backend does.</summary>
    internal async Task<Answer> AskAsync(string number, CancellationToken deadline)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var client = pause == FirstPause ? kept : renewed;
                if (await TryAsync(client, number, deadline) is { } answer)
                    return answer;
                await Task.Delay(pause, time, deadline);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Answer.Unknown;
        }
    }

    public void Dispose()
    {
        kept.Dispose();
        renewed.Dispose();
        slots.Dispose();
    }

    /// <summary>Null where another try may have more luck.</summary>
    private async Task<Answer?> TryAsync(HttpClient client, string number, CancellationToken deadline)
    {
        await slots.WaitAsync(deadline);
        try
        {
            // A large number takes a backend up to a tenth of a second, and may have to wait for others of its kind.
            using var limit = new CancellationTokenSource(number.Length > QuickDigits ? tryLimit * 4 : tryLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, deadline);
            using var response = await client.GetAsync(new Uri("/" + number, UriKind.Relative), either.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return Understand(await response.Content.ReadAsStringAsync(either.Token), response);

            var willNotChange = (int)response.StatusCode is >= 400 and < 500 and not 408 and not 429;
            return willNotChange ? Answer.Unknown : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            slots.Release();
        }
    }

    private static Answer? Understand(string text, HttpResponseMessage response)
    {
        var servedBy = response.Headers.TryGetValues(Reply.ServedByHeader, out var values) ? values.First() : null;
        return text switch
        {
            "True" => new Answer(true, servedBy),
            "False" => new Answer(false, servedBy),
            _ => null,
        };
    }

    private static HttpClient Client(Uri server, TimeSpan keepFor)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectLimit,
            MaxConnectionsPerServer = Concurrency,
            PooledConnectionLifetime = keepFor,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        return new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 1_024 };
    }
}
