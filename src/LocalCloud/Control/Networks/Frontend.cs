using System.Globalization;
using System.Net;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>A forwarding rule of an internal passthrough load balancer with what it leads to.</summary>
/// <param name="Protocol">tcp or udp.</param>
/// <param name="Ports">Empty for all ports.</param>
/// <param name="Groups">The instance groups of the backend service; empty when the service has none or is gone.</param>
/// <param name="DrainingTimeout">How long a machine that leaves keeps the connections that it has.</param>
/// <param name="HealthCheck">Null when the backend service has none: then every backend counts as healthy.</param>
internal sealed record Frontend(
    ResourceName Name, ResourceName? Network, IPAddress Address, string Protocol, IReadOnlyList<int> Ports,
    ResourceName? BackendService, IReadOnlyList<ResourceName> Groups, TimeSpan DrainingTimeout, Document? HealthCheck)
{
    /// <summary>What chooses the machine of a new connection.</summary>
    public Affinity Affinity { get; private init; }

    /// <summary>Those of <see cref="Groups"/> that stand in when too few others are healthy.</summary>
    public IReadOnlyList<ResourceName> FailoverGroups { get; private init; } = [];

    /// <summary>The part of the machines of the other groups that has to be healthy, 0 to 1; with 0, one of them.</summary>
    public double FailoverRatio { get; private init; }

    /// <summary>Connections stay on a machine that has become unhealthy: those of TCP, unless <c>connectionPersistenceOnUnhealthyBackends</c> says otherwise.</summary>
    public bool PersistsOnUnhealthy { get; private init; }

    /// <summary>Machines that have left it and keep their connections for some time yet, by id.</summary>
    public IReadOnlyList<string> Draining { get; private init; } = [];

    /// <summary>When no machine is healthy, nobody is served, instead of all.</summary>
    public bool DropsIfUnhealthy { get; private init; }

    public static IEnumerable<Frontend> All(ComputeSnapshot documents) =>
        documents.ForwardingRules.Select(r => Read(r, documents)).OfType<Frontend>();

    public IEnumerable<InstanceView> Members(ComputeSnapshot documents) => Groups.SelectMany(documents.MembersOf);

    private static Frontend? Read(Document rule, ComputeSnapshot documents)
    {
        var json = rule.Json;
        if (json.Text("loadBalancingScheme") != "INTERNAL" || !IPAddress.TryParse(json.Text("IPAddress"), out var address))
            return null;
        var serviceName = ResourceName.FromLink(json.Text("backendService"));
        var service = ComputeSnapshot.Find(documents.BackendServices, serviceName)?.Json;
        var protocol = json.Text("IPProtocol") == "UDP" ? "udp" : "tcp";
        return new(
            rule.Name,
            ResourceName.FromLink(json.Text("network")),
            address,
            protocol,
            [.. json.Texts("ports").Select(p => int.Parse(p, CultureInfo.InvariantCulture))],
            serviceName,
            [.. (service?.Objects("backends") ?? []).Select(b => ResourceName.FromLink(b.Text("group"))).OfType<ResourceName>().Distinct()],
            TimeSpan.FromSeconds(service?.Object("connectionDraining")?.Integer("drainingTimeoutSec") ?? 0),
            ComputeSnapshot.Find(documents.HealthChecks, ResourceName.FromLink(service?.Texts("healthChecks").FirstOrDefault())))
        {
            Affinity = service?.Text("sessionAffinity") switch
            {
                "CLIENT_IP" or "CLIENT_IP_PROTO" => Affinity.BothAddresses,
                "CLIENT_IP_NO_DESTINATION" => Affinity.Client,
                _ => Affinity.FiveTuple,
            },
            PersistsOnUnhealthy = service?.Object("connectionTrackingPolicy")?.Text("connectionPersistenceOnUnhealthyBackends") switch
            {
                "NEVER_PERSIST" => false,
                "ALWAYS_PERSIST" => true,
                _ => protocol == "tcp",
            },
            Draining = BackendRecord.DrainingOf(json),
            FailoverGroups = [.. (service?.Objects("backends") ?? []).Where(b => b.Flag("failover") == true).Select(b => ResourceName.FromLink(b.Text("group"))).OfType<ResourceName>()],
            FailoverRatio = service?.Object("failoverPolicy")?["failoverRatio"] is System.Text.Json.Nodes.JsonValue ratio && ratio.TryGetValue(out double part) ? part : 0,
            DropsIfUnhealthy = service?.Object("failoverPolicy")?.Flag("dropTrafficIfUnhealthy") ?? false,
        };
    }
}
