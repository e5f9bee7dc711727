using System.Runtime.Versioning;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Lays out a machine's root file system: an empty directory of its own, over which the host's stock directories are laid as overlays.
/// Nothing else of the host is visible, and nothing that the machine writes leaves its directory.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class MachineFileSystem(MachineDirectory directory, GuestLayer guest)
{
    // /var is the machine's own but for what dpkg and update-alternatives have to know of /usr.
    private static readonly string[] StockDirectories = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "var/lib/dpkg"];

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
    private static readonly string[] ReadOnlyKernelFiles = ["sys", "sysrq-trigger", "irq", "bus", "fs"];
    private static readonly string[] HiddenKernelFiles = ["kcore", "keys", "timer_list", "latency_stats"];

    /// <summary>Makes what is missing, writes what Google's guest agent writes at every boot, and the table of what is to be mounted.</summary>
    public void Prepare(MachineSpec spec)
    {
        FileTree.MakeDirectory(directory.Path, FileTree.Private);
        FileTree.MakeDirectory(directory.RootFileSystem, FileTree.Readable);
        foreach (var (path, mode) in OwnDirectories)
            FileTree.MakeDirectory(Path.Combine(directory.RootFileSystem, path), mode);
        foreach (var (path, target) in Links)
            FileTree.MakeLink(Path.Combine(directory.RootFileSystem, path), target);
        FileTree.Empty(Path.Combine(directory.RootFileSystem, "tmp"));
        MakeDevices();

        var mounts = new StringBuilder();
        Mount(mounts, directory.RootFileSystem, "", "none", "bind");
        foreach (var stock in StockDirectories)
            Overlay(mounts, stock);
        KernelMounts(mounts);
        File.WriteAllText(directory.MountTable, mounts.ToString());
        GuestIdentity.Write(spec, Path.Combine(directory.Upper, "etc"), Path.Combine(directory.Upper, "usr"));
    }

    private void MakeDevices()
    {
        FileTree.MakeDirectory(directory.Devices, FileTree.Readable);
        foreach (var name in HostDevices)
            File.WriteAllText(Path.Combine(directory.Devices, name), "");
        foreach (var name in new[] { "pts", "shm" })
            FileTree.MakeDirectory(Path.Combine(directory.Devices, name), FileTree.Readable);
        foreach (var (path, target) in DeviceLinks)
            FileTree.MakeLink(Path.Combine(directory.Devices, path), target);

        // A pipe, as writers truncate what they redirect to; init copies it to the serial port.
        var console = Path.Combine(directory.Devices, "console");
        if (!File.Exists(console))
            Kernel.Check(LinuxCalls.MakeFifo(console, 0x180), $"make the pipe {console}");
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

        if (!host.Exists)
            return;

        var upper = Path.Combine(directory.Upper, stock);
        var work = Path.Combine(directory.Work, stock.Replace('/', '-'));
        FileTree.MakeDirectory(own, FileTree.Readable);
        FileTree.MakeDirectory(upper, FileTree.Readable);
        FileTree.MakeDirectory(work, FileTree.Private);
        var layer = Path.Combine(guest.Path, stock);
        var lower = Directory.Exists(layer) ? $"{layer}:{host.FullName}" : host.FullName;
        Mount(mounts, "overlay", stock, "overlay", $"lowerdir={lower},upperdir={upper},workdir={work}");
    }

    private void KernelMounts(StringBuilder mounts)
    {
        Mount(mounts, "proc", "proc", "proc", "nosuid,nodev,noexec");
        foreach (var name in ReadOnlyKernelFiles.Where(name => Path.Exists("/proc/" + name)))
            Mount(mounts, Path.Combine(directory.RootFileSystem, "proc", name), "proc/" + name, "none", "bind,ro");
        foreach (var name in HiddenKernelFiles.Where(name => Path.Exists("/proc/" + name)))
            Mount(mounts, "/dev/null", "proc/" + name, "none", "bind");
        Mount(mounts, "sysfs", "sys", "sysfs", "ro,nosuid,nodev,noexec");
        Mount(mounts, "tmpfs", "run", "tmpfs", "nosuid,nodev,mode=755");
        Mount(mounts, directory.Devices, "dev", "none", "bind");
        foreach (var name in HostDevices)
            Mount(mounts, "/dev/" + name, "dev/" + name, "none", "bind");
        Mount(mounts, "devpts", "dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=620,nosuid,noexec");
        Mount(mounts, "tmpfs", "dev/shm", "tmpfs", "nosuid,nodev,mode=1777");
    }

    // fstab(5): fields are separated by blanks, blanks within them are octal.
    private void Mount(StringBuilder mounts, string source, string target, string type, string options) =>
        mounts.AppendJoin(' ', new[] { source, Path.Combine(directory.RootFileSystem, target), type, options }.Select(Escape)).Append(" 0 0\n");

    private static string Escape(string field) => field.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal)
        .Replace("\t", "\\011", StringComparison.Ordinal);
}
