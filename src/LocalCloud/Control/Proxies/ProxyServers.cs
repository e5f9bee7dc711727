using System.Net;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>The proxies of all networks. Not for use by several at a time.</summary>
internal sealed class ProxyServers(IMachineHost host) : IAsyncDisposable
{
    private readonly Dictionary<(string NetworkId, IPEndPoint Endpoint), ProxyServer> _servers = [];

    /// <summary>Makes a network's proxies exactly those; requests that come from then on go by these plans.</summary>
    public async Task ApplyAsync(string networkId, IReadOnlyList<ProxyPlan> plans, CancellationToken cancellationToken)
    {
        var wanted = plans.ToDictionary(p => (networkId, new IPEndPoint(p.Frontend.Address, p.Frontend.Port)));
        foreach (var key in _servers.Keys.Where(k => k.NetworkId == networkId && (!wanted.TryGetValue(k, out var plan) || !_servers[k].CanFollow(plan))).ToList())
        {
            _servers.Remove(key, out var gone);
            await gone!.DisposeAsync();
        }

        foreach (var (key, plan) in wanted)
        {
            if (_servers.TryGetValue(key, out var server))
                server.Plan = plan;
            else
                _servers[key] = await ProxyServer.StartAsync(host, networkId, plan, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
        _servers.Clear();
    }
}
