using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer.Tests.Verification;

public sealed class FirewallEvidenceTests
{
    private static readonly string[] Probers = ["35.191.0.0/16", "130.211.0.0/22"];

    [Fact]
    public void Rules_that_match_are_told_in_the_order_in_which_they_decide_and_what_none_matches_too()
    {
        Firewall[] rules =
        [
            Rule("http", 1000, "10.138.0.0/20", "backend", "80"), Rule("probers", 1000, "35.191.0.0/16", "backend", "80"), Rule("all-ports", 65534, "35.0.0.0/8", null, "0-65535"),
            Deny("stop", 900, "35.191.0.0/16"), Rule("other-tag", 1000, "35.191.0.0/16", "frontend", "80"), Rule("other-port", 1000, "35.191.0.0/16", "backend", "443"),
        ];

        Assert.Equal(
            """
            Firewall rules for health checks (35.191.0.0/16, 130.211.0.0/22) to tcp:80 of machines tagged backend:
              stop (priority 900): deny from 35.191.0.0/16 to all machines
              probers (priority 1000): allow from 35.191.0.0/16 to backend
              all-ports (priority 65534): allow from 35.0.0.0/8 to all machines
              none matches 130.211.0.0/22: they are dropped
            """, FirewallEvidence.Describe(rules, "health checks", Probers, "backend", 80));
    }

    [Fact]
    public void Without_a_rule_it_is_said_that_nothing_gets_through()
    {
        var disabled = Rule("probers", 1000, "35.191.0.0/16", "backend", "80");
        disabled.Disabled = true;

        Assert.Equal("No firewall rule lets health checks (35.191.0.0/16, 130.211.0.0/22) reach tcp:80 of machines tagged backend: they are dropped.",
            FirewallEvidence.Describe([disabled], "health checks", Probers, "backend", 80));
    }

    private static Firewall Rule(string name, int priority, string source, string? tag, string ports) => new()
    {
        Name = name, Direction = "INGRESS", Priority = priority, SourceRanges = { source }, TargetTags = { tag is null ? [] : (string[])[tag] },
        Allowed = { new Allowed { IPProtocol = "tcp", Ports = { ports } } },
    };

    private static Firewall Deny(string name, int priority, string source) => new()
    {
        Name = name, Direction = "INGRESS", Priority = priority, SourceRanges = { source }, Denied = { new Denied { IPProtocol = "all" } },
    };
}
