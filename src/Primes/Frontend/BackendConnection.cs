using System.Net;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>
/// One kept connection to the load balancer, for one request at a time; it is made when it is first used, and made anew when it broke, was given up, or grew old.
/// A load balancer of layer 4 chooses a backend per connection: a new one may reach another.
/// </summary>
internal sealed class BackendConnection : IDisposable
{
    /// <summary>A network within a region answers within a millisecond. A lost packet is sent again after a second: a new connection is faster.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMilliseconds(250);

    /// <summary>So that backends that join later get their share too.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Bytes. A row of ten numbers of 1,000 digits, all prime, has 11,100.</summary>
    private const int LongestAnswer = 16_384;

    private readonly Uri server;
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 1,
        ConnectTimeout = ConnectLimit,
        PooledConnectionLifetime = Lifetime,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    internal BackendConnection(Uri server) => this.server = server;

    /// <summary>
    /// Asks once. Null where another try may have more luck; a row of which nothing is known where the backend refuses and will go on refusing.
    /// Never throws for what a backend does.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="deadline"/> was reached; that <paramref name="limit"/> was is no exception.</exception>
    internal async Task<Row?> AskAsync(IReadOnlyList<string> numbers, TimeSpan limit, CancellationToken deadline)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        either.CancelAfter(limit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, $"/primes?from={numbers[0]}&count={numbers.Count}"));
            using var response = await client.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return await ReadAsync(response, numbers, either.Token);

            var willNotChange = (int)response.StatusCode is >= 400 and < 500 and not 408 and not 429;
            return willNotChange ? new Row(numbers) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();

    private static async Task<Row?> ReadAsync(HttpResponseMessage response, IReadOnlyList<string> numbers, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength is not (> 0 and <= LongestAnswer))
            return null;
        var servedBy = response.Headers.NonValidated.TryGetValues(Reply.ServedByHeader, out var values) ? values.ToString() : null;
        return RowReader.Read(await response.Content.ReadAsByteArrayAsync(cancellation), numbers) is { } primes ? new Row(numbers, primes, servedBy) : null;
    }
}
