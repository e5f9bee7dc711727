using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class GroupLoopTests
{
    [Fact]
    public async Task A_group_comes_up_with_members_named_after_it()
    {
        await using var lab = await ControlLab.SimulatedAsync();

        lab.Store.WithGroup(3);
        await lab.WhenStableAsync();

        var members = lab.RunningMembers();
        Assert.Equal(3, members.Length);
        Assert.All(members, name => Assert.Matches("^backend-[a-z0-9]{4}$", name));
        Assert.Equal(3, lab.Get(Documents.Group with { Collection = "instanceGroups" }).Integer("size"));
        Assert.Equal(3, lab.Get(Documents.Group).Object("currentActions")!.Integer("none"));
        var metadata = lab.Get(Documents.Instance(members[0])).Object("metadata")!.Objects("items").Select(i => i.Text("key"));
        Assert.Equal(["created-by", "instance-template"], metadata.Order());
    }

    [Fact]
    public async Task Once_a_change_of_a_group_is_observed_its_document_tells_that_there_is_work_to_do()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(1);
        await lab.WhenStableAsync();
        lab.Host.BootFailure = "no";

        lab.Store.Update(Documents.Group, g => g["targetSize"] = 2);
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);

        Assert.False(lab.Get(Documents.Group).Object("status")!.Flag("isStable"));
    }

    [Fact]
    public async Task Resizing_adds_and_removes_members()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(1);
        await lab.WhenStableAsync();
        var first = lab.RunningMembers();

        await ResizeAsync(lab, 4);
        Assert.Equal(4, lab.RunningMembers().Length);
        Assert.Contains(first[0], lab.RunningMembers());

        await ResizeAsync(lab, 2);
        Assert.Equal(2, lab.RunningMembers().Length);

        await ResizeAsync(lab, 0);
        Assert.Empty(lab.Store.List("instances"));
    }

    [Fact]
    public async Task A_member_that_was_deleted_comes_back_under_its_name_as_another_instance()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(2);
        await lab.WhenStableAsync();
        var member = Documents.Instance(lab.RunningMembers()[0]);
        var id = lab.Get(member).Text("id");

        await lab.DeleteAsync(member);

        await lab.UntilAsync(() => lab.Store.Find(member) is { } again && again.Text("id") != id && again.Text("status") == "RUNNING");
        await lab.WhenStableAsync();
        Assert.Equal(2, lab.RunningMembers().Length);
    }

    [Fact]
    public async Task A_member_whose_machine_is_killed_is_made_anew_from_the_template()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(1);
        await lab.WhenStableAsync();
        var member = Documents.Instance(lab.RunningMembers()[0]);
        var machine = Local.GetString(lab.Get(member), Local.Machine);

        await lab.Host[member.Id].DestroyAsync(lab.Deadline);

        await lab.UntilAsync(() => lab.Store.Find(member) is { } again && Local.GetString(again, Local.Machine) is { } other && other != machine && again.Text("status") == "RUNNING");
    }

    [Fact]
    public async Task A_group_that_is_deleted_takes_its_members_with_it()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(3);
        await lab.WhenStableAsync();

        lab.Store.Update(Documents.Group, g => Local.Set(g, Local.Deleting, true));
        await lab.Control.WhenGroupEmptyAsync(Documents.Group, lab.Deadline);

        Assert.Empty(lab.Store.List("instances"));
    }

    [Fact]
    public async Task A_member_that_cannot_be_created_is_tried_again_and_the_error_is_kept()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Host.BootFailure = "no space left on the disk";
        lab.Store.WithGroup(1);
        await lab.UntilAsync(() => Local.Get(lab.Get(Documents.Group), Local.Errors) is JsonArray { Count: > 0 });

        var error = ((JsonArray)Local.Get(lab.Get(Documents.Group), Local.Errors)!)[0]!;
        Assert.Equal("no space left on the disk", (string?)error["error"]!["message"]);
        Assert.Equal("CREATING", (string?)error["instanceActionDetails"]!["action"]);

        lab.Host.BootFailure = null;
        await lab.WhenStableAsync();
        Assert.Equal(0, Assert.Single(lab.Control.GetMembers(Documents.Group)).Failures);
    }

    [Fact]
    public async Task A_member_whose_template_is_gone_is_an_error_of_the_group()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(0);
        lab.Store.Remove(Documents.Template("primecalc"));
        lab.Store.Update(Documents.Group, g => g["targetSize"] = 1);

        await lab.UntilAsync(() => Local.Get(lab.Get(Documents.Group), Local.Errors) is JsonArray { Count: > 0 } errors
            && (string?)errors[0]!["error"]!["code"] == "RESOURCE_NOT_FOUND");
    }

    [Fact]
    public async Task A_proactive_update_replaces_every_member_and_reaches_its_version()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(3, ""","updatePolicy":{"type":"PROACTIVE","maxSurge":{"fixed":1},"maxUnavailable":{"fixed":0}}""");
        await lab.WhenStableAsync();
        var before = lab.RunningMembers();

        lab.Store.WithTemplate("primecalc-2");
        lab.Store.Update(Documents.Group, g => g["instanceTemplate"] = Documents.Template("primecalc-2").Link);
        await lab.UntilAsync(() => lab.Get(Documents.Group).Object("status") is { } status
            && status.Flag("isStable") == true && status.Object("versionTarget")?.Flag("isReached") == true
            && lab.Control.GetMembers(Documents.Group).All(m => m.Version.Template == Documents.Template("primecalc-2").Link));

        Assert.Equal(3, lab.RunningMembers().Length);
        Assert.Empty(lab.RunningMembers().Intersect(before));
    }

    [Fact]
    public async Task Backends_of_simulated_machines_count_as_healthy_once_a_forwarding_rule_leads_to_them()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(2);
        await lab.WhenStableAsync();
        var instanceGroup = Documents.Group with { Collection = "instanceGroups" };
        Assert.Empty(lab.Control.GetHealth(Documents.BackendService, instanceGroup));

        lab.Store.WithLoadBalancer();

        await lab.UntilAsync(() => Task.FromResult(lab.Control.GetHealth(Documents.BackendService, instanceGroup).Count(h => h.State == "HEALTHY") == 2));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(1000, 30)]
    public void Attempts_are_made_at_growing_intervals(long failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), MemberFailures.Wait(failures));

    private static async Task ResizeAsync(ControlLab lab, int size)
    {
        lab.Store.Update(Documents.Group, g => g["targetSize"] = size);
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
        await lab.WhenStableAsync();
    }
}
