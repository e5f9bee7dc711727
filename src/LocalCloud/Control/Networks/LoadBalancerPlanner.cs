using System.Net;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>
/// Internal passthrough load balancers: who gets the new connections of a forwarding rule, and which machines have to own its address.
/// Semantics: https://cloud.google.com/load-balancing/docs/internal/int-netlb-traffic-distribution.
/// </summary>
internal static class LoadBalancerPlanner
{
    public static Forwarding Plan(ResourceName network, ComputeSnapshot documents, HealthStates health)
    {
        var loadBalancers = new List<LoadBalancer>();
        var owners = new List<(string MachineId, IPAddress Address)>();
        foreach (var rule in Frontend.All(documents).Where(r => r.Network == network))
        {
            var members = rule.Members(documents).Where(m => m.IsOnNetwork && m.Network == network).ToList();
            owners.AddRange(members.Select(m => (m.MachineId!, rule.Address)));
            loadBalancers.Add(new(rule.Address, rule.Protocol, rule.Ports, [.. Eligible(rule, members, health).Select(m => m.MachineId!)]));
        }

        return new(loadBalancers, owners);
    }

    /// <summary>The healthy machines, or, as the last resort, all of them when none is healthy.</summary>
    private static List<InstanceView> Eligible(Frontend rule, List<InstanceView> members, HealthStates health)
    {
        var serving = members.FindAll(m => m.IsServing);
        if (rule.HealthCheck is null)
            return serving;
        var healthy = serving.FindAll(m => health.IsHealthy(rule.Name, m.MachineId!));
        return healthy.Count > 0 ? healthy : serving;
    }
}

/// <param name="Owners">Which machine has to accept packets for which load balancer's address.</param>
internal sealed record Forwarding(IReadOnlyList<LoadBalancer> LoadBalancers, IReadOnlyList<(string MachineId, IPAddress Address)> Owners)
{
    public IReadOnlyList<IPAddress> AddressesOf(string machineId) =>
        [.. Owners.Where(o => o.MachineId == machineId).Select(o => o.Address).Distinct()];
}
