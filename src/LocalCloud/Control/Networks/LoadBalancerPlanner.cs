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
            owners.AddRange(members.Select(m => m.MachineId!).Union(rule.Draining).Select(id => (id, rule.Address)));
            loadBalancers.Add(new(rule.Address, rule.Protocol, rule.Ports, [.. Eligible(rule, documents, network, health).Select(m => m.MachineId!)])
            {
                Keepers = [.. (rule.PersistsOnUnhealthy ? members : members.Where(m => !m.IsServing)).Select(m => m.MachineId!).Union(rule.Draining)],
                Affinity = rule.Affinity,
            });
        }

        return new(loadBalancers, owners);
    }

    /// <summary>The healthy machines: those of the failover groups when too few others are. The last resort, when none is healthy, is every machine outside of the failover groups.</summary>
    private static List<InstanceView> Eligible(Frontend rule, ComputeSnapshot documents, ResourceName network, HealthStates health)
    {
        var primary = ServingOf(rule.Groups.Except(rule.FailoverGroups));
        var healthy = primary.FindAll(IsHealthy);
        if (healthy.Count > 0 && healthy.Count >= rule.FailoverRatio * primary.Count)
            return healthy;
        var standIns = ServingOf(rule.FailoverGroups).FindAll(IsHealthy);
        return standIns.Count > 0 ? standIns : healthy.Count > 0 ? healthy : rule.DropsIfUnhealthy ? [] : primary;

        List<InstanceView> ServingOf(IEnumerable<ResourceName> groups) =>
            [.. groups.SelectMany(documents.MembersOf).Where(m => m.IsServing && m.Network == network)];

        bool IsHealthy(InstanceView machine) => rule.HealthCheck is null || health.IsHealthy(rule.Name, machine.MachineId!);
    }
}

/// <param name="Owners">Which machine has to accept packets for which load balancer's address.</param>
internal sealed record Forwarding(IReadOnlyList<LoadBalancer> LoadBalancers, IReadOnlyList<(string MachineId, IPAddress Address)> Owners)
{
    public IReadOnlyList<IPAddress> AddressesOf(string machineId) =>
        [.. Owners.Where(o => o.MachineId == machineId).Select(o => o.Address).Distinct()];
}
