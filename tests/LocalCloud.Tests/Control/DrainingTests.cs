using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class DrainingTests
{
    [Fact]
    public async Task A_machine_that_leaves_a_load_balancer_is_powered_off_when_its_draining_timeout_is_over_and_not_before()
    {
        var time = new FakeTimeProvider();
        await using var lab = await ControlLab.SimulatedAsync(time: time);
        lab.Store.WithGroup(1).WithLoadBalancer(drainingSeconds: 30);
        await lab.WhenStableAsync();
        var member = Documents.Instance(Assert.Single(lab.RunningMembers()));
        var machine = lab.Host[member.Id];

        lab.Store.Update(Documents.Group, g => g["targetSize"] = 0);
        await lab.UntilAsync(() => lab.Store.Find(member) is { } i && Local.GetString(i, Local.DrainedAt) is not null);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(machine.Exited.IsCompleted);
        Assert.False(lab.Get(Documents.Group).Object("status")!.Flag("isStable"));

        await lab.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(lab.Store.Find(member) is null);
        });
        Assert.True(machine.Exited.IsCompleted);
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
