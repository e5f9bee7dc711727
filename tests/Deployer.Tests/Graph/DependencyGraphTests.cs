namespace PrimeDeploy.Deployer.Tests.Graph;

public sealed class DependencyGraphTests
{
    [Fact]
    public void The_order_has_every_member_after_what_it_depends_on_and_otherwise_as_given()
    {
        var graph = Graph(("rule", ["service"]), ("bucket", []), ("service", ["group", "check"]), ("check", []), ("group", []));

        Assert.Equal(["group", "check", "service", "rule", "bucket"], graph.Order);
        Assert.Equal(["rule"], graph.DependentsOf("service"));
    }

    [Fact]
    public void Missing_members_and_circles_are_all_reported()
    {
        var refused = Assert.Throws<DependencyException>(() =>
            Graph(("a", ["b"]), ("b", ["c"]), ("c", ["a"]), ("d", ["elsewhere"]), ("e", ["e"])));

        Assert.Equal(
            [
                "d depends on elsewhere, which is not part of the deployment.",
                "These depend on each other in a circle: a → b → c → a.",
                "These depend on each other in a circle: e → e.",
            ],
            refused.Problems);
    }

    [Fact]
    public void A_selection_takes_everything_along_that_it_depends_on()
    {
        var graph = Graph(("a", ["b"]), ("b", ["c"]), ("c", []), ("d", ["c"]));

        Assert.Equal(["a", "b", "c"], graph.WithDependencies(["a"]).Order());
    }

    private static DependencyGraph<string> Graph(params (string Member, string[] DependsOn)[] members) =>
        new(members.Select(pair => pair.Member), member => members.Single(pair => pair.Member == member).DependsOn);
}
