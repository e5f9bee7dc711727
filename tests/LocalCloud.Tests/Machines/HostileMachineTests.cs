using System.Globalization;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Machines that try to get the power and the files of the host.</summary>
[Collection(nameof(HostileLabs))]
public sealed class HostileMachineTests(HostileLabs shared)
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

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
