using System.Net;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class FirewallRulesetTests
{
    private static readonly Dictionary<string, int> Marks = new(StringComparer.Ordinal) { ["a"] = 1000, ["b"] = 1001, ["c"] = 1002 };

    [Fact]
    public void Rules_become_lines_in_their_order_by_link_peers_and_ports()
    {
        var text = Ruleset(
            new FirewallRule("no mail", Direction.Egress, Allow: false, Machines: null, [IPNetwork.Parse("0.0.0.0/0")], [Tcp(25, 25)]),
            new FirewallRule("web", Direction.Ingress, Allow: true, ["a"], [IPNetwork.Parse("10.138.0.0/20"), IPNetwork.Parse("10.138.0.3/32")], [Tcp(80, 80), new ProtocolPorts("icmp", [])]),
            new FirewallRule("nobody", Direction.Ingress, Allow: true, [], [IPNetwork.Parse("0.0.0.0/0")], []),
            new FirewallRule("all", Direction.Ingress, Allow: true, ["a", "b"], [IPNetwork.Parse("0.0.0.0/0")], []));

        Assert.Contains("accept\ntcp dport { 25 } drop\n}\n", text, StringComparison.Ordinal);
        Assert.Contains(
            """
            ct state established,related accept
            oifname { "m-a" } ip saddr { 10.138.0.0/20 } tcp dport { 80 } accept
            oifname { "m-a" } ip saddr { 10.138.0.0/20 } meta l4proto 1 accept
            oifname { "m-a", "m-b" } accept
            }
            """,
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlapping_ports_are_merged_as_nftables_takes_no_overlaps()
    {
        var ports = new ProtocolPorts("tcp", [new PortRange(90, 95), new PortRange(80, 80), new PortRange(81, 85), new PortRange(82, 92)]);
        var text = Ruleset(new FirewallRule("web", Direction.Ingress, Allow: true, Machines: null, [IPNetwork.Parse("0.0.0.0/0")], [ports]));

        Assert.Contains("\ntcp dport { 80-95 } accept\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_balancer_chooses_by_hash_for_connections_that_are_nowhere_they_may_stay_and_by_the_connections_mark_for_all()
    {
        var plan = new NetworkPlan("n", [], [], [], [new LoadBalancer(IPAddress.Parse("10.138.0.10"), "TCP", [80, 443], ["a", "b", "not a port"]) { Keepers = ["b", "c"] }]);

        Assert.Contains(
            """
            ip daddr 10.138.0.10 tcp dport { 80, 443 } ct mark != { 1000, 1001, 1002 } ct mark set jhash ip saddr . tcp sport . ip daddr . tcp dport mod 2 seed 0x7072696d map { 0 : 1000, 1 : 1001 }
            ip daddr 10.138.0.10 tcp dport { 80, 443 } meta mark set ct mark
            """,
            new FirewallRuleset(plan, Marks).ToString(), StringComparison.Ordinal);
    }

    private static ProtocolPorts Tcp(int first, int last) => new("tcp", [new PortRange(first, last)]);

    private static string Ruleset(params FirewallRule[] rules) => new FirewallRuleset(new NetworkPlan("n", [], [], rules, []), Marks).ToString();
}
