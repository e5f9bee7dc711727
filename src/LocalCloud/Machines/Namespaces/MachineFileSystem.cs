using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Lays out a machine's root file system: an empty directory of its own, over which the host's stock directories are laid as overlays.
/// Nothing else of the host is visible, and nothing that the machine writes leaves its directory. What a machine wrote is not trusted: a link may lead anywhere.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class MachineFileSystem(MachineDirectory directory, GuestLayer guest)
{
    // /var is the machine's own but for what dpkg and update-alternatives have to know of /usr.
    private static readonly string[] StockDirectories = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "var/lib/dpkg"];

    private static readonly string[] SeededDirectories = ["etc", "usr"];

    private static readonly (string Path, UnixFileMode Mode)[] OwnDirectories =
    [
        ("boot", FileTree.Readable), ("dev", FileTree.Readable), ("home", FileTree.Readable), ("media", FileTree.Readable), ("mnt", FileTree.Readable), ("opt", FileTree.Readable), ("proc", FileTree.Readable),
        ("root", FileTree.Private), ("run", FileTree.Readable), ("srv", FileTree.Readable), ("sys", FileTree.Readable), ("tmp", FileTree.Shared), ("var", FileTree.Readable), ("var/cache", FileTree.Readable), ("var/lib", FileTree.Readable),
        ("var/log", FileTree.Readable), ("var/spool", FileTree.Readable), ("var/tmp", FileTree.Shared),
    ];

    private static readonly (string Path, string Target)[] Links = [("var/run", "/run"), ("var/lock", "/run/lock")];

    private static readonly string[] HostDevices = ["null", "zero", "full", "random", "urandom", "tty"];

    private static readonly (string Path, string Target)[] DeviceLinks =
    [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"), ("ttyS0", "console"), ("kmsg", "console"),
    ];

    // What /proc offers to write to belongs to the whole host, apart from the machine's own namespaces.
    private static readonly string[] ReadOnlyKernelFiles = ["acpi", "asound", "bus", "driver", "fs", "irq", "scsi", "sys", "sysrq-trigger", "tty"];
    private static readonly string[] HiddenKernelFiles =
        ["kcore", "key-users", "keys", "kmsg", "kpagecgroup", "kpagecount", "kpageflags", "latency_stats", "mtrr", "sched_debug", "timer_list", "vmallocinfo"];

    // Each mounted on its own: the machine writes to them and cannot put anything else in their place.
    private IEnumerable<(string Place, string File)> HostFiles => [("serial", directory.SerialLog), ("exit", directory.ExitReason)];

    /// <summary>Makes what is missing, writes what Google's guest agent writes at every boot, and the table of what is to be mounted.</summary>
    public void Prepare(MachineSpec spec)
    {
        FileTree.MakeDirectory(directory.Path, FileTree.Private);
        FileTree.MakeDirectory(directory.RootFileSystem, FileTree.Readable);
        foreach (var (path, mode) in OwnDirectories)
            FileTree.MakeDirectoryWithin(directory.RootFileSystem, path, mode);
        foreach (var (path, target) in Links.Where(link => FileTree.MakeDirectoryWithin(directory.RootFileSystem, Path.GetDirectoryName(link.Path)!)))
            FileTree.MakeLink(Path.Combine(directory.RootFileSystem, path), target);
        MakeDevices();
        MakeHostFiles();
        foreach (var stock in SeededDirectories)
            FileTree.MakeDirectory(Path.Combine(directory.Seed, stock));
        GuestIdentity.Write(spec, directory.Seed);

        var mounts = new StringBuilder();
        Mount(mounts, directory.RootFileSystem, "", "none", "bind");
        foreach (var stock in StockDirectories)
            Overlay(mounts, stock);
        KernelMounts(mounts, spec);
        if (guest.Init == MachineInit.Systemd)
            SystemdMounts(mounts, spec);
        File.WriteAllText(directory.MountTable, mounts.ToString());
    }

    private void MakeDevices()
    {
        if (Directory.Exists(directory.Devices))
            Directory.Delete(directory.Devices, recursive: true);
        FileTree.MakeDirectory(directory.Devices, FileTree.Readable);
        foreach (var name in HostDevices)
            File.WriteAllText(Path.Combine(directory.Devices, name), "");
        foreach (var name in new[] { "pts", "shm" })
            FileTree.MakeDirectory(Path.Combine(directory.Devices, name), FileTree.Readable);
        foreach (var (path, target) in DeviceLinks)
            FileTree.MakeLink(Path.Combine(directory.Devices, path), target);

        // A pipe, as writers truncate what they redirect to; init copies it to the serial port.
        var console = Path.Combine(directory.Devices, "console");
        Kernel.Check(LinuxCalls.MakeFifo(console, 0x180), $"make the pipe {console}");
    }

    private void MakeHostFiles()
    {
        File.Delete(directory.ExitReason);
        foreach (var (place, file) in HostFiles)
        {
            FileTree.Write(Path.Combine(directory.Host, place), "");
            if (!File.Exists(file))
                FileTree.Write(file, "", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private void Overlay(StringBuilder mounts, string stock)
    {
        var host = new DirectoryInfo("/" + stock);
        var own = Path.Combine(directory.RootFileSystem, stock);
        if (host.LinkTarget is { } target)
        {
            FileTree.MakeLink(own, target);
            return;
        }

        // A machine that moved the directory away does without.
        if (!host.Exists || !FileTree.MakeDirectoryWithin(directory.RootFileSystem, stock))
            return;

        var upper = Path.Combine(directory.Upper, stock);
        var work = Path.Combine(directory.Work, stock.Replace('/', '-'));
        FileTree.MakeDirectory(upper, FileTree.Readable);
        FileTree.MakeDirectory(work, FileTree.Private);
        var lower = string.Join(':', new[] { Path.Combine(directory.Seed, stock), Path.Combine(guest.Path, stock) }.Where(Directory.Exists).Append(host.FullName));
        Mount(mounts, "overlay", stock, "overlay", $"lowerdir={lower},upperdir={upper},workdir={work}");
    }

    private void KernelMounts(StringBuilder mounts, MachineSpec spec)
    {
        Mount(mounts, "proc", "proc", "proc", "nosuid,nodev,noexec");
        foreach (var name in ReadOnlyKernelFiles.Where(name => Path.Exists("/proc/" + name)))
            Mount(mounts, Path.Combine(directory.RootFileSystem, "proc", name), "proc/" + name, "none", "bind,ro");
        foreach (var name in HiddenKernelFiles.Where(name => Path.Exists("/proc/" + name)))
            Mount(mounts, "/dev/null", "proc/" + name, "none", "bind");
        Mount(mounts, "sysfs", "sys", "sysfs", "ro,nosuid,nodev,noexec");
        Mount(mounts, "tmpfs", "run", "tmpfs", "nosuid,nodev,mode=755" + Size(spec));
        Mount(mounts, directory.Host, "run/host", "none", "bind,ro,X-mount.mkdir");
        foreach (var (place, file) in HostFiles)
            Mount(mounts, file, "run/host/" + place, "none", "bind");
        Mount(mounts, directory.Devices, "dev", "none", "bind");
        foreach (var name in HostDevices)
            Mount(mounts, "/dev/" + name, "dev/" + name, "none", "bind");
        Mount(mounts, "devpts", "dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=620,nosuid,noexec");
        Mount(mounts, "tmpfs", "dev/shm", "tmpfs", "nosuid,nodev,mode=1777" + Size(spec));
    }

    // What systemd would mount itself if a machine had the power to, and its own part of the control groups. It expects an empty /tmp.
    private void SystemdMounts(StringBuilder mounts, MachineSpec spec)
    {
        Mount(mounts, "cgroup2", "sys/fs/cgroup", "cgroup2", "nosuid,nodev,noexec");
        Mount(mounts, "tmpfs", "run/lock", "tmpfs", "nosuid,nodev,noexec,mode=1777,size=5m,X-mount.mkdir");
        if (FileTree.MakeDirectoryWithin(directory.RootFileSystem, "tmp", FileTree.Shared))
            Mount(mounts, "tmpfs", "tmp", "tmpfs", "nosuid,nodev,mode=1777" + Size(spec));
    }

    // Half of the memory, as systems do it: files alone cannot take all of it.
    private static string Size(MachineSpec spec) => spec.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $",size={bytes / 2}") : "";

    // fstab(5): fields are separated by blanks, blanks within them are octal.
    private void Mount(StringBuilder mounts, string source, string target, string type, string options) =>
        mounts.AppendJoin(' ', new[] { source, Path.Combine(directory.RootFileSystem, target), type, options }.Select(Escape)).Append(" 0 0\n");

    private static string Escape(string field) => field.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal)
        .Replace("\t", "\\011", StringComparison.Ordinal);
}
