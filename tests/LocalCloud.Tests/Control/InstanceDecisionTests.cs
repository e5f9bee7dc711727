using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Instances;
using static PrimeDeploy.LocalCloud.Control.Instances.InstanceAction;
using static PrimeDeploy.LocalCloud.Control.Instances.MachinePresence;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class InstanceDecisionTests
{
    [Theory]
    [InlineData("PROVISIONING", MachinePresence.None, Boot)]
    [InlineData("PROVISIONING", PoweredOff, Boot)]
    [InlineData("PROVISIONING", Running, MarkRunning)]
    [InlineData("STAGING", MachinePresence.None, Boot)]
    [InlineData("STAGING", Running, MarkRunning)]
    [InlineData("RUNNING", Running, InstanceAction.None)]
    [InlineData("RUNNING", MachinePresence.None, Boot)]
    [InlineData("RUNNING", Rebooting, Boot)]
    [InlineData("RUNNING", PoweredOff, MarkTerminated)]
    [InlineData("RUNNING", Killed, Boot)]
    [InlineData("STOPPING", Running, Stop)]
    [InlineData("STOPPING", PoweredOff, MarkTerminated)]
    [InlineData("STOPPING", MachinePresence.None, MarkTerminated)]
    [InlineData("TERMINATED", PoweredOff, InstanceAction.None)]
    [InlineData("TERMINATED", MachinePresence.None, InstanceAction.None)]
    [InlineData("TERMINATED", Running, Stop)]
    internal void A_standalone_instance_follows_its_document(string status, MachinePresence machine, InstanceAction expected) =>
        Assert.Equal(expected, InstanceDecision.Decide(Instance(status), machine));

    [Theory]
    [InlineData("PROVISIONING")]
    [InlineData("RUNNING")]
    [InlineData("STOPPING")]
    [InlineData("TERMINATED")]
    public void What_is_gone_is_deleted_in_every_status(string status)
    {
        var instance = Instance(status, i => Local.Set(i, Local.Gone, true));

        foreach (var machine in Enum.GetValues<MachinePresence>())
            Assert.Equal(Delete, InstanceDecision.Decide(instance, machine));
    }

    [Fact]
    public void What_is_being_deleted_goes_down_and_stays_down_until_it_is_gone()
    {
        var instance = Instance("PROVISIONING", Deletion.Begin);

        foreach (var machine in Enum.GetValues<MachinePresence>())
            Assert.Equal(machine == Running ? Stop : InstanceAction.None, InstanceDecision.Decide(instance, machine));
    }

    [Fact]
    public void A_killed_member_is_left_to_its_group()
    {
        var instance = Instance("RUNNING", i => Local.Set(i, Local.Group, Documents.Group.Path));

        Assert.Equal(MarkTerminated, InstanceDecision.Decide(instance, Killed));
        Assert.Equal(Boot, InstanceDecision.Decide(instance, Rebooting));
        Assert.Equal(Boot, InstanceDecision.Decide(instance, MachinePresence.None));
    }

    [Fact]
    public void A_killed_instance_without_automatic_restart_is_terminated()
    {
        var instance = Instance("RUNNING", i => i["scheduling"] = new JsonObject { ["automaticRestart"] = false });

        Assert.Equal(MarkTerminated, InstanceDecision.Decide(instance, Killed));
    }

    [Fact]
    public void A_reset_pulls_the_plug_and_boots_also_when_the_server_died_in_between()
    {
        var instance = Instance("RUNNING", i =>
        {
            Local.Set(i, Local.Reset, true);
            Local.Set(i, Local.Group, Documents.Group.Path);
        });

        Assert.Equal(Reset, InstanceDecision.Decide(instance, Running));
        Assert.Equal(Boot, InstanceDecision.Decide(instance, Killed));
    }

    private static InstanceView Instance(string status, Action<JsonObject>? change = null)
    {
        var json = new JsonObject { ["status"] = status };
        change?.Invoke(json);
        return InstanceView.Of(Documents.Instance("a"), json);
    }
}
