using System.Diagnostics;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Commands;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>State directories that somebody deleted under their machines.</summary>
public sealed class AbandonedMachinesTests
{
    [NamespacesFact]
    public async Task The_next_local_cloud_of_the_host_ends_what_a_deleted_state_directory_left_running_and_nothing_that_a_living_one_has()
    {
        await using var living = await MachineLab.OpenAsync();
        var survivor = await living.BootAsync(2);
        var lost = await MachineLab.OpenAsync();
        await lost.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
        using var init = await InitOfAsync(lost, "vm2");
        await lost.AbandonAsync();
        await DeleteByHandAsync(lost.State);
        await DeleteByHandAsync(Path.Combine(living.State, "machines", "networks"));

        await using var next = await MachineLab.OpenAsync();

        await init.WaitForExitAsync(next.Deadline);
        AssertNothingLeft(lost.State);
        Assert.False(survivor.Exited.IsCompleted);
        Assert.Equal("machine2", await living.RunAsync(survivor, "hostname"));
        Directory.CreateDirectory(Path.Combine(living.State, "machines", "networks"));
    }

    [NamespacesFact]
    public async Task Purging_removes_the_machines_of_a_server_that_was_killed_and_of_directories_that_were_deleted()
    {
        var deleted = await AbandonedWithMachineAsync();
        await DeleteByHandAsync(deleted);
        var killed = await AbandonedWithMachineAsync();
        // What stands in the directory of a server, so that it is known as one.
        await File.WriteAllTextAsync(Path.Combine(killed, "documents.jsonl"), "");

        Assert.Equal(0, await PurgeCommand.RunAsync(["--state", killed], CancellationToken.None));

        AssertNothingLeft(killed);
        Assert.False(Directory.Exists(killed));
        AssertNothingLeft(deleted);
    }

    private static async Task<string> AbandonedWithMachineAsync()
    {
        var lab = await MachineLab.OpenAsync();
        await lab.BootAsync(2);
        await lab.AbandonAsync();
        return lab.State;
    }

    private static async Task DeleteByHandAsync(string path)
    {
        // A mounted disk stays, empty: rm complains and goes on.
        using var rm = Process.Start("rm", ["-rf", path]);
        await rm.WaitForExitAsync();
    }

    private static async Task<Process> InitOfAsync(MachineLab lab, string machineId)
    {
        var record = await File.ReadAllTextAsync(Path.Combine(lab.State, "machines", "m-" + machineId, "machine.json"));
        return Process.GetProcessById(JsonDocument.Parse(record).RootElement.GetProperty("InitProcess").GetInt32());
    }

    private static void AssertNothingLeft(string state)
    {
        var prefix = new StateLayout(state).NamePrefix;
        Assert.Empty(Directory.EnumerateFiles("/run/netns", prefix + "*"));
        Assert.DoesNotContain(state, File.ReadAllText("/proc/self/mounts"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(state, "machines")));
        Assert.False(File.Exists("/run/primedeploy/" + prefix.TrimEnd('-')));
        Assert.Empty(HostMachines.ControlGroups(prefix));
    }
}
