using System.Globalization;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Machines that take what there is until there is no more.</summary>
[Collection(nameof(HostileLabs))]
public sealed class MachineLimitTests(HostileLabs shared)
{
    [Theory, WithLimits(MachineInit.Light), WithLimits(MachineInit.Systemd)]
    public async Task A_machine_that_takes_memory_processes_and_processors_without_end_gets_no_more_than_its_limits(MachineInit init)
    {
        var (lab, _) = await shared.OfAsync(init);
        var machine = await lab.BootAsync(24, memoryBytes: 96L << 20, cpus: 0.2);
        var groups = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(lab.State, "machines", "m-vm24", "machine.json"))).RootElement
            .GetProperty("ControlGroups").EnumerateArray().Select(group => group.GetString()!).ToList();

        var memory = await machine.RunAsync(["python3", "-c", "x = bytearray(400 << 20)"], lab.Deadline);
        Assert.Equal(137, memory.ExitCode);
        var shared_memory = await machine.RunAsync(["/bin/bash", "-c", "head -c 400M /dev/zero >/dev/shm/x"], lab.Deadline);
        Assert.NotEqual(0, shared_memory.ExitCode);
        Assert.Equal("there", await lab.RunAsync(machine, "rm -f /dev/shm/x; timeout 0.6 bash -c 'while :; do :; done'; echo there"));
        Assert.Contains(groups.Select(group => Path.Combine(group, "cpu.stat")).Where(File.Exists), file =>
            File.ReadLines(file).Any(line => line.StartsWith("nr_throttled ", StringComparison.Ordinal) && line != "nr_throttled 0"));
        Assert.Contains(groups.Select(group => Path.Combine(group, "pids.max")), file => File.Exists(file) && File.ReadAllText(file).Trim() == "4096");
        Assert.False(machine.Exited.IsCompleted);
    }

    [Theory, WithLimits(MachineInit.Light), WithLimits(MachineInit.Systemd)]
    public async Task A_machine_that_starts_processes_without_end_is_stopped_by_its_limit(MachineInit init)
    {
        var (lab, _) = await shared.OfAsync(init);
        var machine = await lab.BootAsync(25);
        var threads = await lab.RunAsync(machine, """
            python3 -c '
            import threading
            threading.stack_size(65536)
            gate, count = threading.Event(), 0
            try:
                while count < 6000:
                    threading.Thread(target=gate.wait, daemon=True).start()
                    count += 1
            except RuntimeError: pass
            gate.set()
            print(count)'
            """);
        Assert.InRange(int.Parse(threads, CultureInfo.InvariantCulture), 1000, 4096);
    }

    [Theory, WithLimits(MachineInit.Light), WithLimits(MachineInit.Systemd)]
    public async Task A_machine_that_fills_its_disk_and_its_serial_port_leaves_the_host_its_own(MachineInit init)
    {
        var (lab, _) = await shared.OfAsync(init);
        var machine = await lab.BootAsync(26);
        var host = new DriveInfo(lab.State);
        var before = host.AvailableFreeSpace;

        // First how much there is: a machine without an end to its disk must not be let loose on the host's.
        var size = long.Parse(await lab.RunAsync(machine, "df --output=size -B1 /root | tail -1"), CultureInfo.InvariantCulture);
        Assert.InRange(size, 1, before / 2);

        // Asks for more and more until there is no more; nothing of it is written.
        var taken = long.Parse(await lab.RunAsync(machine, """
            for ((file = 0; file < 4000; file++)); do fallocate -l 1G /root/fill-$file 2>/dev/null || break; done
            for ((; file < 8000; file++)); do fallocate -l 10M /root/fill-$file 2>/dev/null || break; done
            du -sk /root | cut -f1
            """), CultureInfo.InvariantCulture) << 10;

        Assert.InRange(taken, size / 2, size);
        Assert.True(host.AvailableFreeSpace > before / 2, $"{before} bytes were free, {host.AvailableFreeSpace} are left");
        await lab.RunAsync(machine, "rm -f /root/fill-*");
        var reason = await lab.RunAsync(machine, "head -c 3M /dev/zero >/run/host/exit 2>/dev/null; echo over");
        Assert.Equal("over", reason);
        await machine.StopAsync(TimeSpan.Zero, lab.Deadline);
        Assert.Equal(MachineExit.Killed, await machine.Exited);
    }
}
