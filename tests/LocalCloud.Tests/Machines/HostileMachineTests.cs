using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Machines that try to get out, to look at the host and at others, and to use up what is the host's.</summary>
public sealed class HostileMachineTests(HostileMachineTests.Labs shared) : IClassFixture<HostileMachineTests.Labs>
{
    /// <summary>A bit of <c>/proc/PID/status</c>, CAP_SYS_ADMIN and others that reach through to the host.</summary>
    private static readonly int[] HostCapabilities = [2, 9, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 30, 32, 33, 34, 35, 36, 37, 38, 39, 40];

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Programs_that_a_machine_has_replaced_get_no_power_over_the_host_at_boot_or_when_it_is_entered(MachineInit init)
    {
        var (lab, _) = await shared.OfAsync(init);
        var machine = await lab.BootAsync(20);
        Assert.Equal("done", await lab.RunAsync(machine, """
            mkdir /root/stock
            for program in /usr/bin/env /usr/bin/setpriv /usr/bin/mount /usr/bin/umount /usr/sbin/chroot /usr/sbin/pivot_root /usr/bin/sh /usr/bin/perl /usr/lib/primedeploy/init /usr/lib/primedeploy/boot /usr/lib/systemd/systemd; do
              [[ -e $program ]] || continue
              cp "$(readlink -f "$program")" "/root/stock/${program##*/}"
              rm "$program"
              printf '#!/bin/bash\ngrep CapEff /proc/self/status >>/root/power; exec /root/stock/%s "$@"\n' "${program##*/}" >"$program"
              chmod 755 "$program"
            done
            ln -sf init /usr/lib/primedeploy/run-confined
            echo done
            """));
        await machine.RunAsync(["env", "true"], lab.Deadline);
        await machine.StopAsync(TimeSpan.FromSeconds(20), lab.Deadline);
        machine = await lab.BootAsync(20, "echo up again");
        await lab.WaitForSerialAsync(machine, "startup-script: up again");

        var powers = (await lab.RunAsync(machine, "grep CapEff /proc/self/status; cat /root/power")).Split('\n');
        Assert.True(powers.Length >= 3, string.Join('\n', powers));
        Assert.All(powers, line =>
        {
            var bits = ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.True((bits & 1) == 1, "root of the machine owns its files");
            Assert.All(HostCapabilities, capability => Assert.True((bits >> capability & 1) == 0, $"capability {capability}"));
        });
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Links_that_a_machine_leaves_behind_lead_the_server_nowhere(MachineInit init)
    {
        var (lab, _) = await shared.OfAsync(init);
        var treasure = Directory.CreateDirectory(Path.Combine(lab.State, "treasure")).FullName;
        await File.WriteAllTextAsync(Path.Combine(treasure, "kept"), "the host's");
        var machine = await lab.BootAsync(21);
        Assert.Equal("done", await lab.RunAsync(machine, $"""
            for place in /tmp /srv /home /mnt /opt /boot /media /usr/local/share/ca-certificates /etc/ssl/certs /etc/hosts /etc/hostname /var/run /dev/console /dev/ttyS0; do
              rm -rf "$place" 2>/dev/null # Where something is mounted the link comes to lie in it.
              ln -s '{treasure}' "$place"
            done
            mv /var /moved
            ln -s '{treasure}' /var
            echo done
            """));
        await machine.StopAsync(TimeSpan.FromSeconds(20), lab.Deadline);

        var next = machine.ReadSerial(0).Next;
        machine = await lab.BootAsync(21);
        await lab.WaitForSerialAsync(machine, "systemd[1]: ", next);
        await machine.StopAsync(TimeSpan.FromSeconds(20), lab.Deadline);
        Assert.Equal(["kept"], Directory.EnumerateFileSystemEntries(treasure).Select(Path.GetFileName));
        Assert.Equal("the host's", await File.ReadAllTextAsync(Path.Combine(treasure, "kept")));
        await machine.DestroyAsync(lab.Deadline);
        Assert.True(File.Exists(Path.Combine(treasure, "kept")));
    }

    /// <summary>Each is a way out, or a look out, that has to fail. HOST is a directory that only the host has.</summary>
    private static readonly string[] Attempts =
    [
        "echo 1 >/proc/sys/kernel/sysrq",
        "echo b >/proc/sysrq-trigger",
        "echo '|/tmp/x' >/proc/sys/kernel/core_pattern",
        "echo /tmp/x >/proc/sys/kernel/modprobe",
        "echo 1 >/proc/sys/vm/drop_caches",
        "mount -o remount,rw /proc/sys",
        "mount -o remount,rw /sys",
        "mount --bind /proc /mnt",
        "umount /proc/sys",
        "mount -t proc proc /mnt",
        "mount -t cgroup2 cgroup2 /mnt",
        "systemd-run --quiet --wait mount -t tmpfs tmpfs /mnt",
        "mknod /root/disk b 254 0 && head -c 1 /root/disk",
        "mknod /root/memory c 1 1",
        "head -c 1 /dev/mem",
        "head -c 1 /dev/vda",
        "[[ -s /proc/kcore ]]",
        "dmesg",
        "timeout 1 head -c 1 /proc/kmsg | grep -q .",
        "unshare --user true",
        "unshare --user --map-root-user --mount --cgroup bash -c 'mount -t cgroup -o devices none /mnt'",
        "unshare --mount true",
        "unshare --net true",
        "nsenter --target 1 --mount true",
        "perl -e 'exit(syscall(435, 0, 0) == -1 ? 1 : 0)'",
        "chroot /proc/1/root/../.. test -e HOST",
        "perl -e 'mkdir \"/var/tmp/c\"; chroot \"/var/tmp/c\"; chdir \"..\" for 1..50; chroot \".\"; exit(-e \"HOST\" ? 0 : 1)'",
        "modprobe loop",
        "chrt --fifo 99 true",
        "renice -n -5 $$",
        "ulimit -Hn 10000000",
        "date -s 2001-01-01",
        "hostname other",
        "python3 -c 'import socket; socket.socket(40, socket.SOCK_STREAM)'",
        "perl -e 'exit(syscall($^V && (`uname -m` =~ /x86/ ? 250 : 219), 0, -3, 1) == -1 ? 1 : 0)'",
        "chattr +i /root",
    ];

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Every_way_out_that_needs_the_hosts_power_is_refused(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        var before = await Task.WhenAll(new[] { "core_pattern", "domainname", "hostname" }.Select(name => File.ReadAllTextAsync("/proc/sys/kernel/" + name)));
        var script = string.Concat(Attempts.Select(attempt => $"({attempt}) >/dev/null 2>&1 </dev/null && echo {Quote(attempt)}\n")).Replace("HOST", lab.State, StringComparison.Ordinal);

        Assert.Equal("", await lab.RunAsync(hostile, script + "true"));

        Assert.Equal(before, await Task.WhenAll(new[] { "core_pattern", "domainname", "hostname" }.Select(name => File.ReadAllTextAsync("/proc/sys/kernel/" + name))));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Nothing_of_the_kernels_that_is_the_hosts_can_be_written(MachineInit init)
    {
        // What is below /sys/fs/cgroup is the machine's own, within the limits that it has.
        var (lab, hostile) = await shared.OfAsync(init);
        var writable = await lab.RunAsync(hostile, """
            find /proc /sys -path /sys/fs/cgroup -prune -o -path '/proc/[0-9]*' -prune -o -path /proc/self -prune -o -path /proc/thread-self -prune -o -path '/proc/net*' -prune -o -type f -print 2>/dev/null |
              perl -ne 'chomp; print "$_\n" if sysopen my $file, $_, 1 and -f $file and defined syswrite $file, "", 0'
            """);
        Assert.Equal("", writable);
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Nothing_of_the_hosts_files_is_there_but_what_its_system_came_with(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        var secret = Path.Combine(lab.State, "secret");
        await File.WriteAllTextAsync(secret, "the host's");
        var checkout = AppContext.BaseDirectory.TrimEnd('/');
        foreach (var path in new[] { secret, checkout, lab.State, "/lost+found", "/etc/fstab", "/etc/ssh/ssh_host_ed25519_key", "/etc/gshadow", "/etc/pip.conf", "/etc/apt/sources.list.d" })
            Assert.Equal("", await lab.RunAsync(hostile, $"ls -d '{path}' 2>/dev/null || true"));
        Assert.Equal("", await lab.RunAsync(hostile, "ls -A /root /home /srv /mnt /media /opt /var/log /tmp 2>/dev/null | grep -v '^/' | xargs"));
        Assert.Equal("", await lab.RunAsync(hostile, "awk -F: '$3 >= 1000 && $3 != 65534' /etc/passwd; cat /etc/environment"));
        Assert.Equal("console fd full kmsg null ptmx pts random shm stderr stdin stdout tty ttyS0 urandom zero", await lab.RunAsync(hostile, "ls --ignore=log /dev | xargs"));
        Assert.Equal("full null random tty urandom zero", await lab.RunAsync(hostile, "cd /dev; for f in *; do [[ -c $f && ! -L $f ]] && echo $f; done | xargs"));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task No_secret_of_the_servers_environment_reaches_a_machine(MachineInit init)
    {
        Environment.SetEnvironmentVariable("MACHINE_LAB_SECRET", "do not tell");
        var (lab, _) = await shared.OfAsync(init);
        var machine = await lab.BootAsync(22, "env; echo told");
        var serial = await lab.WaitForSerialAsync(machine, "startup-script: told");
        Assert.DoesNotContain("do not tell", serial, StringComparison.Ordinal);
        Assert.Equal("", await lab.RunAsync(machine, "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep SECRET || true"));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task The_hosts_network_is_out_of_reach(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var port = ((IPEndPoint)tcp.LocalEndpoint).Port;
        var name = "\0machine-lab-" + Guid.NewGuid().ToString("N");
        using var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        local.Bind(new UnixDomainSocketEndPoint(name));
        local.Listen();

        foreach (var address in new[] { "127.0.0.1", "10.138.0.1", "169.254.169.254", "203.0.113.1", "35.191.0.1", "199.36.153.8", "0.0.0.0" })
            Assert.Equal("nothing", await lab.RunAsync(hostile, $"timeout 0.4 bash -c 'exec 3<>/dev/tcp/{address}/{port}' 2>/dev/null && echo reached || echo nothing"));
        Assert.Equal("ConnectionRefusedError", await lab.RunAsync(hostile, $"""
            python3 -c '
            import socket
            try: socket.socket(socket.AF_UNIX).connect("\0{name[1..]}"); print("reached")
            except Exception as e: print(type(e).__name__)'
            """));
        Assert.Equal("eth0 lo", await lab.RunAsync(hostile, "ls /sys/class/net | xargs"));
        Assert.False(tcp.Pending());
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Another_network_is_out_of_reach_also_for_packets_that_a_machine_makes_itself(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        var address = IPAddress.Parse("10.138.0.77");
        await lab.Host.ApplyNetworkAsync(
            new NetworkPlan("net2", [IPAddress.Parse("10.138.0.1")], [new MachinePort("far", address, false, [])], [MachineLab.Rule("all", allow: true, "0.0.0.0/0", 80)], []), lab.Deadline);
        var far = await lab.Host.BootAsync(MachineLab.Spec(77) with { Id = "far", HostName = "far", NetworkId = "net2", Address = address }, lab.Deadline);
        const string count = "grep ^Udp: /proc/net/snmp";
        var before = await lab.RunAsync(far, count);

        Assert.Equal("sent", await lab.RunAsync(hostile, """
            timeout 0.4 bash -c 'exec 3<>/dev/tcp/10.138.0.77/80' 2>/dev/null && echo reached
            python3 -c '
            import socket, struct
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            for source in ("10.138.0.1", "35.191.0.1", "169.254.169.254", "127.0.0.1", "10.138.0.30"):
                header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton("10.138.0.77"))
                raw.sendto(header + struct.pack("!HHHH", 80, 80, 8, 0), ("10.138.0.77", 0))
            link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            link.bind(("eth0", 0))
            for kind in (0x0800, 0x86DD, 0x8100, 0x0806):
                link.send(b"\xff" * 6 + b"\x42\x01\x0a\x8a\x00\x1e" + struct.pack("!H", kind) + b"\0" * 46)
            '
            echo sent
            """));

        Assert.Equal(before, await lab.RunAsync(far, count));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Processes_of_other_machines_and_of_the_host_are_neither_seen_nor_harmed(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        var victim = await lab.BootAsync(23, "exec -a victims-program sleep 1000");
        while (!(await lab.RunAsync(victim, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).Contains("victims-program", StringComparison.Ordinal))
            await Task.Delay(10);

        var seen = await lab.RunAsync(hostile, "for p in /proc/[0-9]*; do readlink -q $p/cwd; tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null");
        Assert.DoesNotContain("victims-program", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet", seen, StringComparison.Ordinal);
        await lab.RunAsync(hostile, $"kill -KILL {Environment.ProcessId} -1; for p in {{2..400}}; do kill -KILL $p; done; ipcs >/dev/null");

        Assert.False(victim.Exited.IsCompleted);
        Assert.Contains("victims-program", await lab.RunAsync(victim, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"), StringComparison.Ordinal);
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_machine_that_takes_memory_processes_and_processors_without_end_gets_no_more_than_its_limits(MachineInit init)
    {
        var (lab, _) = await shared.OfAsync(init);
        var machine = await lab.BootAsync(24, memoryBytes: 96L << 20, cpus: 0.2);
        var groups = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(lab.State, "machines", "m-vm24", "machine.json"))).RootElement
            .GetProperty("ControlGroups").EnumerateArray().Select(group => group.GetString()!).ToList();
        if (groups.Count == 0)
            return; // A host without control groups has no limits to try.

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

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
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

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
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

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>One host for all tests of an init, with a machine that the harmless attempts share.</summary>
    public sealed class Labs : IAsyncLifetime
    {
        private readonly Dictionary<MachineInit, (MachineLab Machines, IMachine Hostile)> _labs = [];

        internal async Task<(MachineLab Machines, IMachine Hostile)> OfAsync(MachineInit init)
        {
            if (_labs.TryGetValue(init, out var lab))
                return lab;
            var machines = await MachineLab.OpenAsync(init);
            _labs[init] = lab = (machines, await machines.BootAsync(30));
            await machines.WaitForSerialAsync(lab.Hostile, "No startup scripts to run.");
            return lab;
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (var lab in _labs.Values)
                await lab.Machines.DisposeAsync();
        }
    }
}
