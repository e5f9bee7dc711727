using System.Globalization;
using System.Net;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>A forwarding rule of an internal Application Load Balancer with what it leads to.</summary>
/// <param name="Source">The range of the proxy-only subnetwork, where the proxies' connections to backends come from.</param>
/// <param name="HasGlobalAccess">Machines of other regions may be its clients too.</param>
/// <param name="KeepAlive">How long a client's connection may be idle.</param>
internal sealed record ProxyFrontend(
    ResourceName Name, ResourceName Network, IPAddress Address, int Port, IPNetwork Source, bool HasGlobalAccess, TimeSpan KeepAlive, UrlRouting Routing)
{
    /// <summary>Purpose of the subnetworks that proxies have their addresses from.</summary>
    public const string SubnetworkPurpose = "REGIONAL_MANAGED_PROXY";

    /// <summary>https://cloud.google.com/load-balancing/docs/l7-internal#timeout-keepalive-client</summary>
    private const long DefaultKeepAliveSeconds = 610;

    /// <summary>Every rule that has all that it needs.</summary>
    public static IEnumerable<ProxyFrontend> All(ComputeSnapshot documents) =>
        documents.ForwardingRules.Where(r => r.Json.Text("loadBalancingScheme") == "INTERNAL_MANAGED").Select(r => Read(r, documents)).OfType<ProxyFrontend>();

    private static ProxyFrontend? Read(Document rule, ComputeSnapshot documents)
    {
        var json = rule.Json;
        if (ResourceName.FromLink(json.Text("network")) is not { } network || !IPAddress.TryParse(json.Text("IPAddress"), out var address)
            || !int.TryParse(json.Text("portRange")?.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || ComputeSnapshot.Find(documents.TargetHttpProxies, ResourceName.FromLink(json.Text("target"))) is not { } target
            || ComputeSnapshot.Find(documents.UrlMaps, ResourceName.FromLink(target.Json.Text("urlMap"))) is not { } map
            || SourceOf(rule.Name, network, documents) is not { } source)
            return null;
        return new(rule.Name, network, address, port, source, json.Flag("allowGlobalAccess") ?? false,
            TimeSpan.FromSeconds(target.Json.Integer("httpKeepAliveTimeoutSec") ?? DefaultKeepAliveSeconds), UrlRouting.Of(map.Json));
    }

    private static IPNetwork? SourceOf(ResourceName rule, ResourceName network, ComputeSnapshot documents)
    {
        foreach (var subnetwork in documents.Subnetworks)
        {
            if (subnetwork.Name.Scope == rule.Scope && subnetwork.Json.Text("network") == network.Link && subnetwork.Json.Text("purpose") == SubnetworkPurpose
                && subnetwork.Json.Text("role") == "ACTIVE" && IPNetwork.TryParse(subnetwork.Json.Text("ipCidrRange"), out var range))
                return range;
        }

        return null;
    }
}
