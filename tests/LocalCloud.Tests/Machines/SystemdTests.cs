using System.Globalization;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>What only machines with systemd do; what they share with the others is tested with both.</summary>
public sealed class SystemdTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    [SystemdFact]
    public async Task Systemd_is_process_1_and_none_of_the_hosts_units_starts()
    {
        await using var lab = await MachineLab.OpenAsync(MachineInit.Systemd);
        var machine = await lab.BootAsync(2, "echo hello");
        await lab.WaitForSerialAsync(machine, "Finished running startup scripts.");

        Assert.Equal("running", await lab.RunAsync(machine, "while state=$(systemctl is-system-running); [[ $state == starting ]]; do sleep 0.02; done; echo $state"));
        Assert.Equal("systemd", await lab.RunAsync(machine, "cat /proc/1/comm"));
        Assert.Equal("serial-port.service systemd-journald.service", await lab.RunAsync(machine, "systemctl list-units --type=service --state=active --plain --no-legend | cut -d' ' -f1 | xargs"));
        Assert.Equal("", await lab.RunAsync(machine, "systemctl list-units --all --type=timer,path,automount,swap,device --no-legend; systemctl list-units --failed --no-legend"));
        Assert.Equal("startup-script: hello", await lab.RunAsync(machine, "journalctl --unit google-startup-scripts --output cat | grep hello"));
        Assert.Equal("/init.scope", await lab.RunAsync(machine, "grep ^0:: /proc/1/cgroup | cut -d: -f3"));
    }

    [SystemdFact]
    public async Task Services_that_a_script_runs_wait_limit_and_repeat_are_systemds_own()
    {
        await using var lab = await MachineLab.OpenAsync(MachineInit.Systemd);
        var machine = await lab.BootAsync(2);
        await lab.WaitForSerialAsync(machine, "No startup scripts to run.");

        Assert.Equal("from a service", await lab.RunAsync(machine, "systemd-run --quiet --pipe --wait echo from a service"));
        Assert.Equal("failed", await lab.RunAsync(machine, "systemd-run --quiet --wait false || echo failed"));
        Assert.Equal("active", await lab.RunAsync(machine, "systemd-run --quiet --unit=later --on-active=1h true; systemctl is-active later.timer"));
        Assert.Equal("nobody", await lab.RunAsync(machine, "systemd-run --quiet --pipe --wait --uid=nobody -p ProtectSystem=strict id -un"));
    }

    [SystemdFact]
    public async Task Every_line_of_a_script_reaches_the_serial_port_in_order()
    {
        await using var lab = await MachineLab.OpenAsync(MachineInit.Systemd);
        const int lines = 6000;
        var machine = await lab.BootAsync(2, $"for ((i = 1; i <= {lines}; i++)); do echo number $i; done");
        var serial = await lab.WaitForSerialAsync(machine, "Finished running startup scripts.");

        Assert.Equal(
            Enumerable.Range(1, lines).Select(number => $"startup-script: number {number}"),
            serial.Split('\n').Where(line => line.Contains("]: startup-script: number ", StringComparison.Ordinal)).Select(line => line.Split("]: ", 2)[1]));
    }

    [SystemdFact]
    public async Task The_serial_port_goes_on_when_every_process_but_the_first_was_killed()
    {
        await using var lab = await MachineLab.OpenAsync(MachineInit.Systemd);
        var machine = await lab.BootAsync(2);
        await lab.WaitForSerialAsync(machine, "No startup scripts to run.");

        await lab.RunAsync(machine, "kill -KILL -1");
        await lab.RunAsync(machine, "until systemctl is-active --quiet systemd-journald; do sleep 0.02; done; echo raw >/dev/ttyS0; logger -t lab logged");

        await lab.WaitForSerialAsync(machine, "\nraw\n");
        await lab.WaitForSerialAsync(machine, "]: logged\n");
        await machine.StopAsync(Grace, lab.Deadline);
        Assert.Equal(MachineExit.PoweredOff, await machine.Exited);
    }

    [SystemdFact]
    public async Task What_a_machine_is_told_from_inside_is_how_it_goes_down()
    {
        await using var lab = await MachineLab.OpenAsync(MachineInit.Systemd);
        foreach (var (command, exit) in new[]
        {
            ("systemctl poweroff", MachineExit.PoweredOff), ("halt", MachineExit.PoweredOff), ("shutdown -h now", MachineExit.PoweredOff),
            ("systemctl reboot", MachineExit.Rebooting), ("shutdown -r now", MachineExit.Rebooting),
        })
        {
            var machine = await lab.BootAsync(2);
            await lab.RunAsync(machine, command);
            Assert.Equal((command, exit), (command, await machine.Exited.WaitAsync(lab.Deadline)));
        }
    }

    [SystemdFact]
    public async Task A_server_with_another_init_adopts_what_runs_and_boots_it_the_other_way_next_time()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2, "echo first");
        await lab.WaitForSerialAsync(machine, "startup-script: first");

        foreach (var (init, before, after) in new[] { (MachineInit.Systemd, "init", "systemd"), (MachineInit.Light, "systemd", "init") })
        {
            await lab.ReplaceHostAsync(init);
            machine = Assert.Single(await lab.Host.AdoptAsync(lab.Deadline));
            Assert.Equal(before, await lab.RunAsync(machine, "cat /proc/1/comm"));
            await machine.StopAsync(Grace, lab.Deadline);
            Assert.Equal(MachineExit.PoweredOff, await machine.Exited);

            await lab.ApplyAsync(lab.Plan);
            machine = await lab.BootAsync(2);
            Assert.Equal(after, await lab.RunAsync(machine, "cat /proc/1/comm"));
        }
    }

    [SystemdFact]
    public async Task A_machine_makes_as_many_control_groups_as_it_is_allowed_and_they_go_with_it()
    {
        await using var lab = await MachineLab.OpenAsync(MachineInit.Systemd);
        var machine = await lab.BootAsync(2);

        var made = await lab.RunAsync(machine, "for ((made = 0; made < 5000; made++)); do mkdir /sys/fs/cgroup/more-$made 2>/dev/null || break; done; echo $made");
        Assert.InRange(int.Parse(made, CultureInfo.InvariantCulture), 500, 1024);
        Assert.Equal("", await lab.RunAsync(machine, "cat /sys/fs/cgroup/cgroup.controllers"));

        var groups = HostMachines.ControlGroups(new StateLayout(lab.State).NamePrefix);
        Assert.NotEmpty(groups);
        await machine.StopAsync(TimeSpan.Zero, lab.Deadline);
        Assert.Empty(groups);
    }
}
