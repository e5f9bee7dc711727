using System.Net;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>Everything that the proxy of a forwarding rule goes by: a pure function of the documents and of what the health checkers know.</summary>
/// <param name="Services">What the URL map leads to and exists, with its healthy backends.</param>
internal sealed record ProxyPlan(ProxyFrontend Frontend, IReadOnlyDictionary<ResourceName, ProxyService> Services)
{
    public static IReadOnlyList<ProxyPlan> AllOf(ResourceName network, ComputeSnapshot documents, HealthStates health)
    {
        var frontends = ProxyFrontend.All(documents).Where(f => f.Network == network).ToList();
        if (frontends.Count == 0)
            return [];
        var services = ManagedService.AllReached(documents).Where(s => s.Network == network).ToDictionary(s => s.Name, Of);
        return [.. frontends.Select(f => new ProxyPlan(f, services))];

        ProxyService Of(ManagedService service)
        {
            var backends = service.Backends(documents).ToList();
            return new(
                [.. backends.Where(b => b.Instance.IsServing && (service.HealthCheck is null || health.IsHealthy(service.Name, b.Instance.MachineId!))).Select(b => b.Endpoint)],
                [.. backends.Select(b => b.Endpoint)], service.Timeout, service.DrainingTimeout);
        }
    }
}

/// <param name="Healthy">Where requests may go. There is no last resort: without a healthy backend they fail.</param>
/// <param name="Backends">Where requests may be: the healthy ones and the others.</param>
/// <param name="Timeout">Until the last byte of the answer.</param>
/// <param name="DrainingTimeout">How long a request may stay on a backend that has left.</param>
internal sealed record ProxyService(IReadOnlyList<IPEndPoint> Healthy, IReadOnlyList<IPEndPoint> Backends, TimeSpan Timeout, TimeSpan DrainingTimeout);
