using System.Diagnostics;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class MachineTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    [NamespacesFact]
    public async Task A_machine_sees_nothing_of_the_host_but_its_stock_directories()
    {
        await using var lab = await MachineLab.OpenAsync();
        var secret = Path.Combine(lab.State, "secret");
        await File.WriteAllTextAsync(secret, "the host's");
        var machine = await lab.BootAsync(2);

        Assert.Equal("bin boot dev etc home lib media mnt opt proc root run sbin srv sys tmp usr var",
            await lab.RunAsync(machine, "cd /; ls -d bin boot dev etc home lib media mnt opt proc r* s* tmp usr var | xargs"));
        Assert.Equal("", await lab.RunAsync(machine, "ls -A /root /home/* /mnt /media /opt /srv /var/log 2>/dev/null | grep -v : | xargs"));
        Assert.Contains("No such file", await lab.RunAsync(machine, $"cat '{secret}'"), StringComparison.Ordinal);
        Assert.Equal("root:*:19000:0:99999:7:::", await lab.RunAsync(machine, "cat /etc/shadow"));
        Assert.DoesNotContain(Environment.ProcessId.ToString(), await lab.RunAsync(machine, "ls /proc"), StringComparison.Ordinal);
        Assert.Equal("init", await lab.RunAsync(machine, "cat /proc/1/comm"));
        Assert.Equal("machine2 machine2.us-west1-b.c.lab.internal", await lab.RunAsync(machine, "echo $(hostname) $(hostname -f)"));
        Assert.Equal("PATH", await lab.RunAsync(machine, "env | cut -d= -f1 | grep -vE '^(LANG|PWD|SHLVL|_)$'"));
        Assert.Equal("SigIgn: 0000000000000004", await lab.RunAsync(machine, "grep SigIgn /proc/1/status | xargs")); // SIGQUIT alone, as every bash.
        Assert.Equal("eth0@if lo", await lab.RunAsync(machine, "ls /sys/class/net | xargs | sed s/eth0/eth0@if/"));
    }

    [NamespacesFact]
    public async Task What_a_machine_writes_stays_in_it_and_the_kernel_is_out_of_its_reach()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);
        var other = await lab.BootAsync(3);

        await lab.RunAsync(machine, "echo changed >/usr/bin/true; rm /etc/passwd; echo hello >/etc/primedeploy-test");
        Assert.False(File.Exists("/etc/primedeploy-test"));
        Assert.True(new FileInfo("/usr/bin/true").Length > 1000);
        Assert.Equal("root", await lab.RunAsync(other, "true && head -1 /etc/passwd | cut -d: -f1"));

        foreach (var attempt in new[] { "echo 0 >/proc/sys/kernel/pid_max", "echo h >/proc/sysrq-trigger", "mknod /tmp/disk b 254 0", "mount -t tmpfs none /mnt", "date -s 2001-01-01" })
            Assert.NotEqual(0, (await machine.RunAsync(["/bin/bash", "-c", attempt], lab.Deadline)).ExitCode);
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_reboot_from_inside_and_a_stop_keep_the_files_and_the_serial_log_and_destroying_removes_them(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var machine = await lab.BootAsync(2, "echo boot $(cat /root/boots 2>/dev/null); echo again >>/root/boots; [[ -e /tmp/left ]] || touch /tmp/left");
        await lab.WaitForSerialAsync(machine, "Finished running startup scripts.");
        await machine.RunAsync(["reboot"], lab.Deadline);
        Assert.Equal(MachineExit.Rebooting, await machine.Exited.WaitAsync(lab.Deadline));

        machine = await lab.BootAsync(2, "echo second boot $(cat /root/boots) $(ls /tmp)");
        var serial = await lab.WaitForSerialAsync(machine, "second boot again metadata-scripts");
        Assert.DoesNotContain("left", serial, StringComparison.Ordinal);
        var next = machine.ReadSerial(0).Next;
        await machine.StopAsync(Grace, lab.Deadline);
        Assert.Equal(MachineExit.PoweredOff, await machine.Exited);
        Assert.Contains("Reached target poweroff.target", machine.ReadSerial(next).Contents, StringComparison.Ordinal);

        await machine.DestroyAsync(lab.Deadline);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(lab.State, "machines"), "m-*"));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_killed_machine_is_told_at_once_and_can_boot_again(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var machine = await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);

        await KillInitAsync(lab, machine.Id);

        Assert.Equal(MachineExit.Killed, await machine.Exited.WaitAsync(lab.Deadline));
        await Assert.ThrowsAsync<MachineHostException>(() => machine.RunAsync(["true"], lab.Deadline));
        machine = await lab.BootAsync(2, "echo back");
        await lab.WaitForSerialAsync(machine, "startup-script: back");
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_machine_that_ignores_the_request_to_stop_is_killed_after_its_grace(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var machine = await lab.BootAsync(2, "trap '' TERM; echo stubborn; while :; do sleep 1000; done");
        await lab.WaitForSerialAsync(machine, "stubborn");

        await machine.StopAsync(TimeSpan.FromMilliseconds(200), lab.Deadline);

        Assert.Equal(MachineExit.Killed, await machine.Exited);
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_fresh_server_finds_the_machines_of_a_dead_one_and_all_that_belongs_to_them(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var firewall = MachineLab.Rule("http", allow: true, "0.0.0.0/0", 80);
        await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
        await lab.BootAsync(3);
        await lab.ApplyAsync(lab.Plan with { Firewall = [firewall] });
        await lab.ReplaceHostAsync();
        await KillInitAsync(lab, "vm3");

        var adopted = await lab.Host.AdoptAsync(lab.Deadline);
        var machine = Assert.Single(adopted, m => m.Id == "vm2");
        Assert.Equal(MachineExit.Killed, await Assert.Single(adopted, m => m.Id == "vm3").Exited.WaitAsync(lab.Deadline));
        Assert.Contains("listening", machine.ReadSerial(0).Contents, StringComparison.Ordinal);
        Assert.Equal("machine2 203.0.113.7 10.138.0.2", await lab.AskAsync("203.0.113.7", "10.138.0.2"));
        await lab.ApplyAsync(lab.Plan with { Firewall = [] });
        Assert.Null(await lab.AskAsync("203.0.113.7", "10.138.0.2"));
        Assert.Equal("machine2", await lab.RunAsync(machine, "hostname"));
        await machine.StopAsync(Grace, lab.Deadline);
        Assert.Equal(MachineExit.PoweredOff, await machine.Exited);

        var again = await lab.BootAsync(3, "echo again");
        await lab.WaitForSerialAsync(again, "startup-script: again");
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_fresh_server_finds_machines_that_are_switched_off_with_their_files_and_their_past(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var before = await lab.BootAsync(2, "echo kept > /root/file; echo written");
        await lab.WaitForSerialAsync(before, "written");
        await before.StopAsync(Grace, lab.Deadline);
        await lab.ReplaceHostAsync();

        var off = Assert.Single(await lab.Host.AdoptAsync(lab.Deadline));
        Assert.Equal(MachineExit.PoweredOff, await off.Exited);
        Assert.Contains("written", off.ReadSerial(0).Contents, StringComparison.Ordinal);

        await lab.ApplyAsync(lab.Plan);
        var on = await lab.BootAsync(2, "cat /root/file");
        await lab.WaitForSerialAsync(on, "startup-script: kept");
        await on.StopAsync(Grace, lab.Deadline);
        await lab.ReplaceHostAsync();
        await Assert.Single(await lab.Host.AdoptAsync(lab.Deadline)).DestroyAsync(lab.Deadline);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(lab.State, "machines"), "m-*"));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Purging_leaves_no_process_namespace_mount_or_file(MachineInit init)
    {
        var lab = await MachineLab.OpenAsync(init);
        await using (lab)
        {
            await lab.BootAsync(2, MachineLab.EchoServer, waitUntilListening: true);
            await lab.BootAsync(3);
            await lab.ReplaceHostAsync();
            await lab.Host.PurgeAsync(lab.Deadline);

            Assert.False(Directory.Exists(Path.Combine(lab.State, "machines")));
            Assert.Empty(Directory.EnumerateFiles("/run/netns", new StateLayout(lab.State).NamePrefix + "*"));
            Assert.Empty(HostMachines.ControlGroups(new StateLayout(lab.State).NamePrefix));
            Assert.DoesNotContain(lab.State, await File.ReadAllTextAsync("/proc/self/mounts"), StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])), path =>
                CommandLine(path).Contains(lab.State, StringComparison.Ordinal));
            Assert.Throws<MachineHostException>(() => lab.Host.Listen(MachineLab.NetworkId, new(System.Net.IPAddress.Loopback, 80)));
        }
    }

    [NamespacesFact]
    public async Task Mistakes_are_refused_with_the_reason()
    {
        await using var lab = await MachineLab.OpenAsync();
        var notApplied = await Assert.ThrowsAsync<MachineHostException>(() => lab.Host.BootAsync(MachineLab.Spec(7), lab.Deadline));
        Assert.Equal("Machine vm7 (machine7) is not among the ports of network net1; apply the network with it first.", notApplied.Message);

        await lab.BootAsync(2);
        var twice = await Assert.ThrowsAsync<MachineHostException>(() => lab.Host.BootAsync(MachineLab.Spec(2), lab.Deadline));
        Assert.Equal("Machine vm2 (machine2) runs already.", twice.Message);
        var occupied = await Assert.ThrowsAsync<MachineHostException>(() => lab.Host.RemoveNetworkAsync(MachineLab.NetworkId, lab.Deadline));
        Assert.Equal("Network net1 cannot be removed: machine2 run on it.", occupied.Message);
        var stranger = await Assert.ThrowsAsync<MachineHostException>(() => lab.AskAsync("192.168.7.7", "10.138.0.2"));
        Assert.StartsWith("Nothing comes into a network from 192.168.7.7; sources are 35.191.0.0/16, ", stranger.Message, StringComparison.Ordinal);
    }

    private static async Task KillInitAsync(MachineLab lab, string machineId)
    {
        var record = await File.ReadAllTextAsync(Path.Combine(lab.State, "machines", "m-" + machineId, "machine.json"));
        using var init = Process.GetProcessById(JsonDocument.Parse(record).RootElement.GetProperty("InitProcess").GetInt32());
        init.Kill();
        await init.WaitForExitAsync(lab.Deadline);
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
