using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class DrainingTests
{
    [NamespacesFact]
    public async Task A_machine_that_leaves_a_load_balancer_is_powered_off_when_its_draining_timeout_is_over_and_not_before()
    {
        await using var lab = await ControlLab.RealAsync();
        lab.Store.WithGroup(1).WithLoadBalancer(drainingSeconds: 2);
        await lab.WhenStableAsync();
        var member = Documents.Instance(Assert.Single(lab.RunningMembers()));
        var machine = lab.Host[member.Id];

        var asked = TimeProvider.System.GetTimestamp();
        lab.Store.Update(Documents.Group, g => g["targetSize"] = 0);
        await lab.UntilAsync(() => lab.Store.Find(member) is { } i && Local.GetString(i, Local.DrainedAt) is not null);
        Assert.False(lab.Get(Documents.Group).Object("status")!.Flag("isStable"));
        await machine.Exited.WaitAsync(lab.Deadline);

        Assert.InRange(TimeProvider.System.GetElapsedTime(asked).TotalSeconds, 1.99, 30);
    }

    [Fact]
    public async Task Simulated_machines_have_no_connections_to_wait_for()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(1).WithLoadBalancer(drainingSeconds: 3600);
        await lab.WhenStableAsync();

        lab.Store.Update(Documents.Group, g => g["targetSize"] = 0);
        await lab.UntilAsync(() => lab.Store.List("instances").Count == 0);
    }

    [Theory]
    [InlineData(true, true, 30, 30)]
    [InlineData(true, true, 0, 0)]
    [InlineData(true, false, 30, 0)]
    [InlineData(false, true, 30, 0)]
    public void Only_members_that_served_behind_a_forwarding_rule_are_drained(bool booted, bool isMember, int timeout, int expected)
    {
        var store = new DocumentStore().WithNetwork().WithGroup(1).WithLoadBalancer(drainingSeconds: timeout)
            .WithInstance("backend-0001", "10.138.0.2", group: isMember ? Documents.Group : null);
        store.Update(Documents.Instance("backend-0001"), i => Local.Set(i, Local.Booted, booted));
        var documents = ComputeSnapshot.Of(store);

        Assert.Equal(TimeSpan.FromSeconds(expected), ConnectionDraining.TimeOf(Assert.Single(documents.Instances), documents));
    }
}
