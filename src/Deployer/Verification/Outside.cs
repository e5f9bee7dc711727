using System.Net;

namespace PrimeDeploy.Deployer;

/// <summary>Asks from where we are, which is outside the network, as a browser would.</summary>
internal sealed class Outside : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // The local cloud's external addresses are loopback addresses, which no proxy can reach.
        Proxy = new LoopbackBypass(HttpClient.DefaultProxy),
        PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        AllowAutoRedirect = false,
    }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The answer's status and body, or null when there was no answer within the time.</summary>
    public async Task<(
        HttpStatusCode Status, string Body)?> AskAsync(Uri uri, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(uri, either.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(either.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private sealed class LoopbackBypass(IWebProxy inner) : IWebProxy
    {
        public ICredentials? Credentials { get => inner.Credentials; set => inner.Credentials = value; }

        public Uri? GetProxy(Uri destination) => inner.GetProxy(destination);

        public bool IsBypassed(Uri host) =>
            host.IsLoopback || IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address) || inner.IsBypassed(host);
    }
}
