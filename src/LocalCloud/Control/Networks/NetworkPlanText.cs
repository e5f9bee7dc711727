using System.Text;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>A plan as text: two plans that ask the same of the kernel have the same text, and a person can read what was asked.</summary>
internal static class NetworkPlanText
{
    public static string Of(NetworkPlan plan)
    {
        var text = new StringBuilder();
        text.Append("network ").Append(plan.Id).Append(" gateways ").AppendJoin(',', plan.Gateways).Append('\n');
        foreach (var port in plan.Ports)
            text.Append($"port {port.MachineId} {port.Address} google={port.GoogleAccess} forwarded=").AppendJoin(',', port.ForwardedAddresses).Append('\n');
        foreach (var rule in plan.Firewall)
        {
            text.Append($"rule {rule.Name} {(rule.Allow ? "allow" : "deny")} {rule.Direction} machines=")
                .AppendJoin(',', rule.Machines ?? ["all"]).Append(" peers=").AppendJoin(',', rule.Peers).Append(" protocols=")
                .AppendJoin(';', rule.Protocols.Select(p => $"{p.Protocol}:{string.Join(',', p.Ports.Select(r => $"{r.First}-{r.Last}"))}")).Append('\n');
        }

        foreach (var balancer in plan.LoadBalancers)
            text.Append($"balancer {balancer.Address} {balancer.Protocol} ports=").AppendJoin(',', balancer.Ports).Append(" backends=").AppendJoin(',', balancer.Backends)
                .Append(" keepers=").AppendJoin(',', balancer.Keepers).Append($" affinity={balancer.Affinity}\n");
        foreach (var proxy in plan.Proxies)
            text.Append($"proxy {proxy.Address}:{proxy.Port} clients=").AppendJoin(',', proxy.Clients ?? ["all"]).Append('\n');
        text.Append("proxies come from ").AppendJoin(',', plan.ProxyRanges).Append('\n');
        return text.ToString();
    }
}
