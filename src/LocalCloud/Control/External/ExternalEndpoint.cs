using System.Net;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.External;

/// <summary>A port of a machine that could be reached from the internet by its external address, which here is a loopback address of the host.</summary>
internal sealed record ExternalEndpoint(ResourceName Instance, IPEndPoint Address, string NetworkId, IPAddress Internal)
{
    /// <summary>A rule that opens more ports than this at once is not what makes anyone listen: no host has that many to spare for each machine.</summary>
    private const int MostPortsOfARange = 64;

    /// <summary>
    /// Where to listen: on the external address of every machine, on each port that some ingress rule of its network opens to the internet. The
    /// rule need not be for that very machine: whether a connection gets through is for the firewall to say, as it would be on Google Cloud.
    /// </summary>
    /// <param name="documents">The documents.</param>
    /// <param name="client">The internet address that connections come from.</param>
    public static IReadOnlySet<ExternalEndpoint> AllOf(ComputeSnapshot documents, IPAddress client)
    {
        var endpoints = new HashSet<ExternalEndpoint>();
        foreach (var instances in documents.Instances.Where(i => i is { IsOnNetwork: true, ExternalAddress: not null, Network: not null }).GroupBy(i => i.Network!.Value))
        {
            var ports = PortsOpenTo(client, instances.Key, documents).ToHashSet();
            foreach (var instance in instances)
                endpoints.UnionWith(ports.Select(p => new ExternalEndpoint(instance.Name, new(instance.ExternalAddress!, p), NetworkIds.Of(instances.Key), instance.Address!)));
        }

        return endpoints;
    }

    private static IEnumerable<int> PortsOpenTo(IPAddress client, ResourceName network, ComputeSnapshot documents) =>
        from firewall in documents.Firewalls
        where ResourceName.FromLink(firewall.Json.Text("network")) == network && firewall.Json.Flag("disabled") != true
            && firewall.Json.Text("direction") != "EGRESS" && FirewallPlanner.SourceRanges(firewall.Json).Any(r => r.Contains(client))
        from protocol in FirewallPlanner.Protocols(firewall.Json.Objects("allowed"))
        where protocol.Protocol is "tcp" or "6"
        from range in protocol.Ports
        where range is { First: > 0 } && range.Last - range.First < MostPortsOfARange
        from port in Enumerable.Range(range.First, range.Last - range.First + 1)
        select port;
}
