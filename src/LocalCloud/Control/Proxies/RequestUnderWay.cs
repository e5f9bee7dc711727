using System.Net;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>
/// A request that a backend has. When the backend leaves its service, the request has the service's draining timeout to come to its end
/// (https://cloud.google.com/load-balancing/docs/enabling-connection-draining).
/// </summary>
internal sealed class RequestUnderWay(ResourceName service, IPEndPoint backend) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _drained = new();
    private bool _leaving;
    private bool _over;

    /// <summary>Cancelled when the draining timeout is over.</summary>
    public CancellationToken Drained => _drained.Token;

    /// <summary>Looks whether the backend is there still. May be called again, at any time and by anybody.</summary>
    /// <param name="newest">Gives the newest plan.</param>
    public void Follow(Func<ProxyPlan> newest)
    {
        lock (_gate)
        {
            // Where the URL map has turned to another service, the request goes on.
            if (_over || !newest().Services.TryGetValue(service, out var now) || now.Backends.Contains(backend) != _leaving)
                return;
            _leaving = !_leaving;
            _drained.CancelAfter(_leaving ? now.DrainingTimeout : Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            _drained.Dispose();
        }
    }
}
