using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>What an update does to the machines of a group: as little as it needs, and at least what the policy says.</summary>
public sealed class UpdateActionTests
{
    private const string Base = """ "machineType":"e2-medium","metadata":{"items":[{"key":"a","value":"1"}]},"disks":[{"boot":true}] """;

    [Theory]
    [InlineData(Base, "None")]
    [InlineData(""" "machineType":"e2-medium","metadata":{"items":[{"key":"a","value":"2"}]},"disks":[{"boot":true}] """, "Refresh")]
    [InlineData(""" "machineType":"e2-medium","metadata":{"items":[{"key":"a","value":"1"}]},"disks":[{"boot":true}],"tags":{"items":["x"]} """, "Refresh")]
    [InlineData(""" "machineType":"e2-small","metadata":{"items":[{"key":"a","value":"2"}]},"disks":[{"boot":true}] """, "Restart")]
    [InlineData(""" "machineType":"e2-small","metadata":{"items":[{"key":"a","value":"1"}]},"disks":[{"boot":true,"diskSizeGb":"20"}] """, "Replace")]
    public void Another_template_needs_as_much_as_its_most_disruptive_difference(string after, string expected) =>
        Assert.Equal(Enum.Parse<UpdateAction>(expected), UpdateActions.Between(Documents.Parse($"{{{Base}}}"), Documents.Parse($"{{{after}}}")));

    [Fact]
    public async Task A_refresh_gives_running_machines_their_metadata_and_leaves_them_alone()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(3, script: "echo old");
        await lab.WhenStableAsync();
        var before = lab.RunningMembers();
        var boots = lab.Host.Boots.Count;

        await UpdateAsync(lab, "REFRESH", script: "echo new");

        Assert.Equal(before, lab.RunningMembers());
        Assert.Equal(boots, lab.Host.Boots.Count);
        Assert.All(before, name =>
        {
            var items = lab.Get(Documents.Instance(name)).Object("metadata")!.Objects("items").ToDictionary(i => i.Text("key")!, i => i.Text("value"), StringComparer.Ordinal);
            Assert.Equal("echo new", items["startup-script"]);
            Assert.EndsWith("/primecalc-2", items["instance-template"], StringComparison.Ordinal);
            Assert.Contains("created-by", items.Keys);
        });
    }

    [Fact]
    public async Task A_restart_boots_every_machine_once_more_under_its_name()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(3, script: "echo old");
        await lab.WhenStableAsync();
        var before = lab.RunningMembers();
        var ids = before.Select(name => lab.Get(Documents.Instance(name)).Text("id")).ToList();

        await UpdateAsync(lab, "RESTART", script: "echo new");

        Assert.Equal(before, lab.RunningMembers());
        Assert.Equal(ids, before.Select(name => lab.Get(Documents.Instance(name)).Text("id")));
        Assert.All(before, name => Assert.Equal(2, lab.Host.Boots.Count(booted => booted == name)));
    }

    [Fact]
    public async Task What_would_be_more_disruptive_than_allowed_is_left_undone()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Store.WithGroup(1, script: "echo old");
        await lab.WhenStableAsync();
        var boots = lab.Host.Boots.Count;
        lab.Store.WithTemplate("primecalc-2", "echo new");

        lab.Store.Update(Documents.Group, g =>
        {
            g["updatePolicy"] = Documents.Parse("""{"type":"PROACTIVE","minimalAction":"RESTART","mostDisruptiveAllowedAction":"REFRESH"}""");
            g["instanceTemplate"] = Documents.Template("primecalc-2").Link;
        });
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);

        Assert.Equal(boots, lab.Host.Boots.Count);
        Assert.False(lab.Get(Documents.Group).Object("status")!.Object("versionTarget")!.Flag("isReached"));
    }

    private static async Task UpdateAsync(ControlLab lab, string minimalAction, string script)
    {
        lab.Store.WithTemplate("primecalc-2", script);
        lab.Store.Update(Documents.Group, g =>
        {
            g["updatePolicy"] = Documents.Parse($$"""{"type":"PROACTIVE","minimalAction":"{{minimalAction}}","maxSurge":{"fixed":1},"maxUnavailable":{"fixed":1} }""");
            g["instanceTemplate"] = Documents.Template("primecalc-2").Link;
        });
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
        await lab.UntilAsync(() => lab.Get(Documents.Group).Object("status") is { } status
            && status.Flag("isStable") == true && status.Object("versionTarget")!.Flag("isReached") == true);
    }
}
