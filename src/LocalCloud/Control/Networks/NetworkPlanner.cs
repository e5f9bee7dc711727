using System.Net;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>What the kernel has to make of a VPC network: a pure function of the documents and of what the health checkers know.</summary>
internal static class NetworkPlanner
{
    public static NetworkPlan Plan(ResourceName network, ComputeSnapshot documents, HealthStates health)
    {
        var instances = documents.Instances.Where(i => i.IsOnNetwork && i.Network == network).ToList();
        var forwarding = LoadBalancerPlanner.Plan(network, documents, health);
        var subnetworks = documents.Subnetworks.ToDictionary(s => s.Name, s => s.Json);

        return new(
            NetworkIds.Of(network),
            [.. instances.Select(i => i.Subnetwork).OfType<ResourceName>().Distinct().OrderBy(s => s.Path, StringComparer.Ordinal)
                .Select(Gateway).OfType<IPAddress>()],
            [.. instances.Select(i => new MachinePort(i.MachineId!, i.Address!, HasGoogleAccess(i), forwarding.AddressesOf(i.MachineId!)))],
            FirewallPlanner.Plan(network, documents.Firewalls, instances),
            forwarding.LoadBalancers)
        {
            Proxies = [.. ProxyFrontend.All(documents).Where(p => p.Network == network).Select(p => new ProxyPort(p.Address, p.Port, p.HasGlobalAccess ? null : [.. instances.Where(i => i.Name.Region == p.Name.Region).Select(i => i.MachineId!)]))],
            ProxyRanges = [.. ProxyFrontend.All(documents).Where(p => p.Network == network).Select(p => p.Source).Distinct()],
        };

        IPAddress? Gateway(ResourceName subnetwork) =>
            subnetworks.TryGetValue(subnetwork, out var json) && IPAddress.TryParse(json.Text("gatewayAddress"), out var gateway) ? gateway : null;

        // https://cloud.google.com/vpc/docs/private-google-access
        bool HasGoogleAccess(InstanceView instance) =>
            instance.ExternalAddress is not null
            || (instance.Subnetwork is { } name && subnetworks.TryGetValue(name, out var json) && (json.Flag("privateIpGoogleAccess") ?? false));
    }
}
