using System.Net;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class NetworkPlannerTests
{
    private readonly DocumentStore _store = new DocumentStore().WithNetwork();
    private readonly HealthStates _health = new();

    private NetworkPlan Plan() => NetworkPlanner.Plan(Documents.Network, ComputeSnapshot.Of(_store), _health);

    [Fact]
    public void An_empty_network_has_no_ports_and_no_gateways()
    {
        var plan = Plan();

        Assert.Empty(plan.Ports);
        Assert.Empty(plan.Gateways);
        Assert.Matches("^[a-z0-9]{1,8}$", plan.Id);
    }

    [Theory]
    [InlineData("PROVISIONING", true)]
    [InlineData("STAGING", true)]
    [InlineData("RUNNING", true)]
    [InlineData("STOPPING", true)]
    [InlineData("TERMINATED", false)]
    public void An_instance_has_a_port_unless_it_is_terminated(string status, bool expected)
    {
        _store.WithInstance("a", "10.138.0.2", status);

        Assert.Equal(expected, Plan().Ports.Count == 1);
    }

    [Fact]
    public void An_instance_without_a_machine_has_no_port_yet()
    {
        _store.WithInstance("a", "10.138.0.2", machine: null);

        Assert.Empty(Plan().Ports);
    }

    [Fact]
    public void The_router_has_the_gateway_of_every_subnet_in_use()
    {
        _store.WithInstance("a", "10.138.0.2").WithInstance("b", "10.138.0.3");

        Assert.Equal([IPAddress.Parse("10.138.0.1")], Plan().Gateways);
    }

    [Fact]
    public void Google_is_reached_by_private_access_of_the_subnet_or_an_external_address()
    {
        _store.WithInstance("inside", "10.138.0.2").WithInstance("outside", "10.138.0.3", natIP: "127.9.0.1");

        Assert.Equal([false, true], Plan().Ports.Select(p => p.GoogleAccess));

        _store.Update(Documents.Subnetwork, s => s["privateIpGoogleAccess"] = true);
        Assert.All(Plan().Ports, p => Assert.True(p.GoogleAccess));
    }

    [Fact]
    public void Rules_are_ordered_by_priority_and_deny_comes_first_at_the_same_priority()
    {
        _store
            .WithFirewall("late", """ "priority":2000,"allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("allow", """ "allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("refuse", """ "priority":1000,"denied":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("early", """ "priority":0,"allowed":[{"IPProtocol":"tcp"}] """);

        Assert.Equal(["early", "refuse", "allow", "late"], Plan().Firewall.Select(r => r.Name));
    }

    [Fact]
    public void A_disabled_rule_and_a_rule_of_another_network_are_left_out()
    {
        _store.WithFirewall("off", """ "disabled":true,"allowed":[{"IPProtocol":"tcp"}] """);
        _store.TryInsert(Documents.Firewall("other"), Documents.Parse("""{"network":"projects/primes-project/global/networks/other","allowed":[{"IPProtocol":"tcp"}]}"""));

        Assert.Empty(Plan().Firewall);
    }

    [Fact]
    public void Target_tags_become_machines_and_no_target_means_every_machine()
    {
        _store.WithInstance("a", "10.138.0.2", tags: ["backend"]).WithInstance("b", "10.138.0.3")
            .WithFirewall("all", """ "allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("some", """ "targetTags":["backend","x"],"allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("none", """ "targetTags":["nobody"],"allowed":[{"IPProtocol":"tcp"}] """);

        var rules = Plan().Firewall.ToDictionary(r => r.Name);

        Assert.Null(rules["all"].Machines);
        Assert.Equal(["ma"], rules["some"].Machines);
        Assert.DoesNotContain("none", rules.Keys);
    }

    [Fact]
    public void Sources_are_ranges_or_tagged_machines_and_everywhere_only_when_neither_is_given()
    {
        _store.WithInstance("a", "10.138.0.2", tags: ["frontend"])
            .WithFirewall("both", """ "sourceRanges":["35.191.0.0/16","10.0.0.7"],"sourceTags":["frontend"],"allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("everywhere", """ "allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("nobody", """ "sourceTags":["unused"],"allowed":[{"IPProtocol":"tcp"}] """)
            .WithFirewall("sloppy", """ "sourceRanges":["10.138.0.9/20"],"allowed":[{"IPProtocol":"tcp"}] """);

        var rules = Plan().Firewall.ToDictionary(r => r.Name);

        Assert.Equal(["35.191.0.0/16", "10.0.0.7/32", "10.138.0.2/32"], rules["both"].Peers.Select(p => p.ToString()));
        Assert.Equal(["0.0.0.0/0"], rules["everywhere"].Peers.Select(p => p.ToString()));
        Assert.Equal(["10.138.0.0/20"], rules["sloppy"].Peers.Select(p => p.ToString()));
        Assert.DoesNotContain("nobody", rules.Keys);
    }

    [Fact]
    public void An_egress_rule_has_destinations()
    {
        _store.WithFirewall("out", """ "destinationRanges":["8.8.8.0/24"],"denied":[{"IPProtocol":"all"}] """);
        _store.Update(Documents.Firewall("out"), f => f["direction"] = "EGRESS");

        var rule = Assert.Single(Plan().Firewall);

        Assert.Equal(Direction.Egress, rule.Direction);
        Assert.False(rule.Allow);
        Assert.Equal(["8.8.8.0/24"], rule.Peers.Select(p => p.ToString()));
        Assert.Empty(rule.Protocols);
    }

    [Fact]
    public void Ports_are_single_or_ranges_and_protocols_without_ports_are_whole()
    {
        _store.WithFirewall("mixed", """ "allowed":[{"IPProtocol":"TCP","ports":["80","8000-8010"]},{"IPProtocol":"icmp"},{"IPProtocol":"esp"}] """);

        var protocols = Assert.Single(Plan().Firewall).Protocols;

        Assert.Equal(["tcp", "icmp", "50"], protocols.Select(p => p.Protocol));
        Assert.Equal([new PortRange(80, 80), new PortRange(8000, 8010)], protocols[0].Ports);
        Assert.Empty(protocols[1].Ports);
    }

    [Fact]
    public void A_load_balancer_uses_its_healthy_machines()
    {
        WithThreeBackends();
        _health.Set(Documents.ForwardingRule, "mb", HealthState.Assumed);

        var loadBalancer = Assert.Single(Plan().LoadBalancers);

        Assert.Equal("10.138.0.10", loadBalancer.Address.ToString());
        Assert.Equal("tcp", loadBalancer.Protocol);
        Assert.Equal([80], loadBalancer.Ports);
        Assert.Equal(["mb"], loadBalancer.Backends);
    }

    [Theory]
    [InlineData("TCP", "DEFAULT_FOR_PROTOCOL", true)]
    [InlineData("UDP", "DEFAULT_FOR_PROTOCOL", false)]
    [InlineData("TCP", "NEVER_PERSIST", false)]
    [InlineData("UDP", "ALWAYS_PERSIST", true)]
    public void Connections_stay_on_an_unhealthy_machine_by_protocol_and_policy(string protocol, string policy, bool expected)
    {
        WithThreeBackends();
        _store.Update(Documents.ForwardingRule, rule => rule["IPProtocol"] = protocol);
        _store.Update(Documents.BackendService, service => service["connectionTrackingPolicy"] = Documents.Parse($$"""{"connectionPersistenceOnUnhealthyBackends":"{{policy}}"}"""));
        _health.Set(Documents.ForwardingRule, "mb", HealthState.Assumed);

        Assert.Equal(expected, Assert.Single(Plan().LoadBalancers).Keepers.Contains("ma"));
    }

    [Fact]
    public void A_changed_affinity_is_a_changed_plan()
    {
        WithThreeBackends();
        var before = NetworkPlanText.Of(Plan());
        _store.Update(Documents.BackendService, service => service["sessionAffinity"] = "CLIENT_IP");

        Assert.NotEqual(before, NetworkPlanText.Of(Plan()));
    }

    [Fact]
    public void A_load_balancer_uses_all_machines_as_the_last_resort()
    {
        WithThreeBackends();

        Assert.Equal(["ma", "mb", "mc"], Assert.Single(Plan().LoadBalancers).Backends);
    }

    [Fact]
    public void Machines_of_a_failover_group_serve_when_too_few_others_are_healthy_and_are_no_last_resort()
    {
        WithThreeBackends();
        var standIns = Documents.Group with { Id = "stand-ins" };
        _store.WithInstance("d", "10.138.0.5", group: standIns);
        _store.Update(Documents.BackendService, service =>
        {
            ((System.Text.Json.Nodes.JsonArray)service["backends"]!).Add(Documents.Parse($$"""{"group":"{{standIns.Link.Replace("instanceGroupManagers", "instanceGroups", StringComparison.Ordinal)}}","failover":true}"""));
            service["failoverPolicy"] = Documents.Parse("""{"failoverRatio":0.5}""");
        });
        Assert.Equal(["ma", "mb", "mc"], Backends());

        _health.Set(Documents.ForwardingRule, "md", HealthState.Assumed);
        Assert.Equal(["md"], Backends());
        _health.Set(Documents.ForwardingRule, "ma", HealthState.Assumed);
        Assert.Equal(["md"], Backends());
        _health.Set(Documents.ForwardingRule, "mb", HealthState.Assumed);
        Assert.Equal(["ma", "mb"], Backends());

        foreach (var machine in new[] { "ma", "mb", "md" })
            _health.Forget(Documents.ForwardingRule, machine);
        _store.Update(Documents.BackendService, service => service["failoverPolicy"]!["dropTrafficIfUnhealthy"] = true);
        Assert.Empty(Backends());

        IReadOnlyList<string> Backends() => Assert.Single(Plan().LoadBalancers).Backends;
    }

    [Fact]
    public void A_load_balancer_without_a_health_check_uses_all_machines()
    {
        _store.WithInstance("a", "10.138.0.2", group: Documents.Group).WithGroup(1).WithLoadBalancer(withHealthCheck: false);

        Assert.Equal(["ma"], Assert.Single(Plan().LoadBalancers).Backends);
    }

    [Fact]
    public void A_machine_that_is_stopping_gets_no_new_connections_although_it_was_healthy()
    {
        WithThreeBackends();
        foreach (var machine in new[] { "ma", "mb", "mc" })
            _health.Set(Documents.ForwardingRule, machine, HealthState.Assumed);
        _store.Update(Documents.Instance("a"), i => i["status"] = "STOPPING");
        _store.Update(Documents.Instance("b"), i => Local.Set(i, Local.Deleting, true));

        var plan = Plan();

        Assert.Equal(["mc"], Assert.Single(plan.LoadBalancers).Backends);
        Assert.Equal(3, plan.Ports.Count);
    }

    [Fact]
    public void The_members_own_the_address_of_the_load_balancer_and_others_do_not()
    {
        WithThreeBackends();
        _store.WithInstance("frontend", "10.138.0.20");

        var ports = Plan().Ports.ToDictionary(p => p.MachineId);

        Assert.Equal([IPAddress.Parse("10.138.0.10")], ports["ma"].ForwardedAddresses);
        Assert.Empty(ports["mfrontend"].ForwardedAddresses);
    }

    [Fact]
    public void A_forwarding_rule_whose_backend_service_is_gone_leads_nowhere()
    {
        WithThreeBackends();
        _store.Remove(Documents.BackendService);

        Assert.Empty(Assert.Single(Plan().LoadBalancers).Backends);
    }

    [Fact]
    public void Plans_of_different_networks_have_different_ids()
    {
        var ids = Enumerable.Range(0, 1000).Select(i => NetworkIds.Of(Documents.Network with { Project = $"project-{i}" })).ToHashSet();

        Assert.Equal(1000, ids.Count);
        Assert.Equal(NetworkIds.Of(Documents.Network), NetworkIds.Of(Documents.Network));
    }

    private void WithThreeBackends() => _store.WithGroup(3).WithLoadBalancer()
        .WithInstance("a", "10.138.0.2", group: Documents.Group)
        .WithInstance("b", "10.138.0.3", group: Documents.Group)
        .WithInstance("c", "10.138.0.4", group: Documents.Group);
}
