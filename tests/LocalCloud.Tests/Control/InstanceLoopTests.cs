using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class InstanceLoopTests
{
    [Fact]
    public async Task An_instance_is_booted_and_its_document_says_so()
    {
        await using var lab = await ControlLab.SimulatedAsync();

        var instance = await lab.BootAsync("a");

        Assert.Equal("RUNNING", lab.Get(instance).Text("status"));
        Assert.NotNull(lab.Get(instance).Text("lastStartTimestamp"));
        Assert.Equal(["a"], lab.Host.Boots);
        Assert.Contains("simulated", lab.Control.ReadSerial(instance, 0)?.Contents, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_is_made_anew_while_the_loop_looks_at_another_is_not_deleted_like_the_one_before()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var first = await lab.BootAsync("a");
        var second = await lab.BootAsync("b");
        lab.Host.Destruction = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var deletion = lab.DeleteAsync(second);
        await lab.UntilAsync(() => Task.FromResult(lab.Host.Destroying.Contains("b")));

        // The loop has listed b as one that is being deleted; before it comes to b, that one is gone and another is there.
        Task? anew = null;
        lab.Host.LookedAt = name =>
        {
            if (name != "a" || anew is not null)
                return;
            lab.Host.Destruction.SetResult();
            SpinWait.SpinUntil(() => deletion.IsCompleted, TimeSpan.FromSeconds(30));
            Thread.Sleep(50); // Nothing outside tells that the worker on b has ended too.
            anew = lab.BootAsync("b");
        };
        lab.Store.Update(first, json => json["description"] = "changed");
        await deletion;
        await lab.UntilAsync(() => Task.FromResult(anew is not null));

        await anew!;
        await lab.Control.StopAsync(second, lab.Deadline);
        Assert.Equal("TERMINATED", lab.Get(second).Text("status"));
    }

    [Fact]
    public async Task Stop_start_and_reset_keep_the_machine_and_change_the_status()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var instance = await lab.BootAsync("a");
        var machine = Local.GetString(lab.Get(instance), Local.Machine);

        await lab.Control.StopAsync(instance, lab.Deadline);
        Assert.Equal("TERMINATED", lab.Get(instance).Text("status"));
        Assert.True(lab.Host["a"].Exited.IsCompleted);

        await lab.Control.StartAsync(instance, lab.Deadline);
        Assert.Equal("RUNNING", lab.Get(instance).Text("status"));

        await lab.Control.ResetAsync(instance, lab.Deadline);
        Assert.Equal("RUNNING", lab.Get(instance).Text("status"));
        Assert.Equal(machine, Local.GetString(lab.Get(instance), Local.Machine));
        Assert.Equal(["a", "a", "a"], lab.Host.Boots);
    }

    [Fact]
    public async Task A_deleted_instance_leaves_neither_document_nor_machine()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var instance = await lab.BootAsync("a");

        await lab.DeleteAsync(instance);

        Assert.Null(lab.Store.Find(instance));
        Assert.True(lab.Host["a"].Exited.IsCompleted);
    }

    [Fact]
    public async Task A_machine_that_dies_is_booted_again()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        await lab.BootAsync("a");
        var first = lab.Host["a"];

        await first.DestroyAsync(lab.Deadline);

        await lab.UntilAsync(() => Task.FromResult(lab.Host["a"] != first && lab.Store.Find(Documents.Instance("a"))?.Text("status") == "RUNNING"));
    }

    [Fact]
    public async Task A_machine_that_is_switched_off_from_inside_is_terminated()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var instance = await lab.BootAsync("a");

        await lab.Host["a"].StopAsync(TimeSpan.Zero, lab.Deadline);

        await lab.UntilAsync(() => lab.Get(instance).Text("status") == "TERMINATED");
    }

    [Fact]
    public async Task One_that_has_switched_itself_off_before_anybody_looked_was_running()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var instance = await lab.BootAsync("a");
        await lab.Host["a"].StopAsync(TimeSpan.Zero, lab.Deadline);
        await lab.UntilAsync(() => lab.Get(instance).Text("status") == "TERMINATED");

        await lab.Control.WhenMadeAsync(instance, lab.Deadline);
    }

    [Fact]
    public async Task A_deletion_that_nobody_asked_of_this_instance_leaves_it_alone()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var instance = await lab.BootAsync("a");

        await lab.Control.DeleteAsync(instance, lab.Deadline);

        Assert.Equal("RUNNING", lab.Get(instance).Text("status"));
    }

    [Fact]
    public async Task A_new_instance_that_cannot_be_booted_says_why_and_is_not_there()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Host.BootFailure = "no space left on the disk";

        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => lab.BootAsync("a"));

        Assert.Contains("no space left on the disk", failure.Message, StringComparison.Ordinal);
        await lab.UntilAsync(() => lab.Store.Find(Documents.Instance("a")) is null);
    }

    [Fact]
    public async Task An_instance_that_cannot_be_started_again_is_terminated_and_says_why()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        var instance = await lab.BootAsync("a");
        await lab.Control.StopAsync(instance, lab.Deadline);
        lab.Host.BootFailure = "no space left on the disk";

        await Assert.ThrowsAsync<OperationFailedException>(() => lab.Control.StartAsync(instance, lab.Deadline));

        Assert.Equal("TERMINATED", lab.Get(instance).Text("status"));
        Assert.Equal("no space left on the disk", lab.Get(instance).Text("statusMessage"));
    }

    [Fact]
    public async Task A_network_that_the_kernel_refuses_fails_what_waits_for_it_and_is_tried_again()
    {
        await using var lab = await ControlLab.SimulatedAsync();
        lab.Host.NetworkFailure = "nft: Operation not permitted";
        await Assert.ThrowsAsync<OperationFailedException>(() => lab.BootAsync("a"));

        lab.Host.NetworkFailure = null;
        await lab.BootAsync("b");
        await lab.Control.WhenAppliedAsync(lab.Store.Version, lab.Deadline);
    }

    [Fact]
    public async Task A_server_that_finds_running_instances_without_machines_boots_them()
    {
        var store = new DocumentStore().WithNetwork();
        await using (var before = await ControlLab.SimulatedAsync(store))
            await before.BootAsync("a");

        await using var after = await ControlLab.SimulatedAsync(store);

        await after.UntilAsync(() => Task.FromResult(after.Host.Boots.Contains("a")));
    }

    [Fact]
    public async Task A_server_that_finds_a_deletion_half_done_goes_on_with_it()
    {
        var store = new DocumentStore().WithNetwork().WithInstance("a", "10.138.0.2");
        store.Update(Documents.Instance("a"), Deletion.Complete);

        await using var lab = await ControlLab.SimulatedAsync(store);

        await lab.UntilAsync(() => lab.Store.Find(Documents.Instance("a")) is null);
    }
}
