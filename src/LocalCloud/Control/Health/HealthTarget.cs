using System.Net;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>Somebody who wants to know how a machine is.</summary>
/// <param name="Asker">A forwarding rule, a backend service behind proxies, or a managed group that heals by a health check.</param>
/// <param name="Destination">
/// The address that is probed on the machine: the load balancer's for a forwarding rule, so that a machine which does not own it is found out; else its own.
/// </param>
internal sealed record HealthTarget(ResourceName Asker, string MachineId, string NetworkId, IPAddress Destination, ProbeSpec Probe)
{
    /// <summary>Every target that the documents ask for. Only machines that run are probed; nothing is before a forwarding rule leads to it.</summary>
    public static IEnumerable<HealthTarget> AllOf(ComputeSnapshot documents) => [.. OfForwardingRules(documents), .. OfBackendServices(documents), .. OfGroups(documents)];

    private static IEnumerable<HealthTarget> OfForwardingRules(ComputeSnapshot documents)
    {
        foreach (var rule in Frontend.All(documents))
        {
            if (rule is not { HealthCheck: { } check, Network: { } network })
                continue;
            var probe = ProbeSpec.Of(check);
            foreach (var member in rule.Members(documents).Where(m => m.IsServing && m.Network == network))
                yield return new(rule.Name, member.MachineId!, NetworkIds.Of(network), rule.Address, probe);
        }
    }

    private static IEnumerable<HealthTarget> OfBackendServices(ComputeSnapshot documents) =>
        from service in ManagedService.AllReached(documents)
        where service.HealthCheck is not null
        from backend in service.Backends(documents)
        where backend.Instance.IsServing
        select new HealthTarget(service.Name, backend.Instance.MachineId!, NetworkIds.Of(backend.Instance.Network!.Value), backend.Instance.Address!, backend.Probe(ProbeSpec.Of(service.HealthCheck!.Value)));

    private static IEnumerable<HealthTarget> OfGroups(ComputeSnapshot documents)
    {
        foreach (var group in documents.Groups)
        {
            if (GroupSpec.Of(group.Json).Healing is not { } healing
                || documents.HealthChecks.FirstOrDefault(c => c.Name == healing.HealthCheck) is not { Json: not null } check)
                continue;
            var probe = ProbeSpec.Of(check);
            foreach (var member in documents.MembersOf(group.Name).Where(m => m is { IsServing: true, Network: not null }))
                yield return new(group.Name, member.MachineId!, NetworkIds.Of(member.Network!.Value), member.Address!, probe);
        }
    }
}
