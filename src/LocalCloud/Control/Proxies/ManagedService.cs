using System.Net;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>A backend service behind proxies.</summary>
/// <param name="Network">That of the forwarding rules that lead to it: backends of other networks cannot be reached.</param>
/// <param name="Timeout">How long a request may take, until the last byte of its answer.</param>
/// <param name="DrainingTimeout">How long a machine that leaves may work on the requests that it has.</param>
/// <param name="Groups">Its instance groups, without those that are to get no requests (capacityScaler 0).</param>
internal sealed record ManagedService(
    ResourceName Name, ResourceName Network, string PortName, TimeSpan Timeout, TimeSpan DrainingTimeout, Document? HealthCheck, IReadOnlyList<ResourceName> Groups)
{
    /// <summary>The services that some forwarding rule leads to. The others have no proxies, and nobody probes them.</summary>
    public static IEnumerable<ManagedService> AllReached(ComputeSnapshot documents)
    {
        var reached = ProxyFrontend.All(documents).SelectMany(f => f.Routing.Services.Select(s => (Service: s, f.Network))).Distinct().ToList();
        foreach (var service in documents.BackendServices.Where(s => s.Json.Text("loadBalancingScheme") == "INTERNAL_MANAGED"))
        {
            foreach (var (_, network) in reached.Where(r => r.Service == service.Name))
                yield return Read(service, network, documents);
        }
    }

    /// <summary>Every machine that it may have requests for, healthy or not, with the port that its group calls by the service's port name.</summary>
    public IEnumerable<ManagedBackend> Backends(ComputeSnapshot documents)
    {
        foreach (var group in Groups)
        {
            if (ComputeSnapshot.Find(documents.InstanceGroups, group)?.Json.Objects("namedPorts").FirstOrDefault(p => p.Text("name") == PortName)?.Integer("port") is not { } port)
                continue; // As with Google's: a group without the named port serves nothing.
            foreach (var member in documents.MembersOf(group).Where(m => m.IsOnNetwork && m.Network == Network))
                yield return new(group, member, (int)port);
        }
    }

    private static ManagedService Read(Document service, ResourceName network, ComputeSnapshot documents) => new(
        service.Name, network,
        service.Json.Text("portName") ?? "http",
        TimeSpan.FromSeconds(service.Json.Integer("timeoutSec") ?? 30),
        TimeSpan.FromSeconds(service.Json.Object("connectionDraining")?.Integer("drainingTimeoutSec") ?? 0),
        ComputeSnapshot.Find(documents.HealthChecks, ResourceName.FromLink(service.Json.Texts("healthChecks").FirstOrDefault())),
        [.. service.Json.Objects("backends").Where(b => b["capacityScaler"] is not { } scaler || scaler.GetValue<double>() > 0).Select(b => ResourceName.FromLink(b.Text("group"))).OfType<ResourceName>().Distinct()]);
}

/// <param name="Port">Where it serves.</param>
internal sealed record ManagedBackend(ResourceName Group, InstanceView Instance, int Port)
{
    public IPEndPoint Endpoint => new(Instance.Address!, Port);

    /// <summary>The health check as it is for this backend.</summary>
    public ProbeSpec Probe(ProbeSpec check) => check.UsesServingPort ? check with { Port = Port } : check;
}
