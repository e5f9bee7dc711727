using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// The disk that all machines of a state directory share: a file of the host's with a file system in it, mounted where the machines are kept. Machines can fill it and
/// leave the host its own space. The file takes as much of the host's disk as is in use of it.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class MachinesDisk
{
    private const long MostBytes = 64L << 30;
    private const long LeastBytes = 256L << 20;

    private static readonly string[] Format =
        ["mkfs.ext4", "-q", "-F", "-m", "0", "-J", "size=16", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard"];

    /// <summary>Mounts the disk, and makes it where there is none and nothing is kept without one.</summary>
    /// <returns>Null, or why machines are not limited in what they write.</returns>
    /// <exception cref="IOException">There is a disk, and it cannot be mounted.</exception>
    public static async Task<string?> MountAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        if (IsMounted(layout))
            return null;
        if (layout.Machines().Any())
            return "Disk: the machines of this state directory were made without a limit.";

        var isNew = !File.Exists(layout.Disk);
        try
        {
            if (isNew)
                await MakeAsync(layout, cancellationToken);
            await Tool.MustRunAsync(["mount", "-o", "loop,discard,noinit_itable,noatime,nodev", layout.Disk, layout.Root], "", inside: null, cancellationToken);
            return null;
        }
        catch (MachineHostException refused) when (isNew)
        {
            File.Delete(layout.Disk);
            return $"Disk: what machines write is not limited, as this host does not let us mount a file (loop device, ext4): {refused.Message.Split('\n')[0]}";
        }
        catch (MachineHostException refused)
        {
            throw new IOException($"its machines' disk cannot be mounted: {refused.Message} Repair it with e2fsck -f {layout.Disk}, or start over with another --state.", refused);
        }
    }

    /// <summary>Takes the disk and all that is on it away; succeeds when there is none.</summary>
    public static async Task RemoveAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        // Lazily: whoever looks into it from outside must not keep it.
        if (IsMounted(layout))
            await Tool.MustRunAsync(["umount", "--lazy", layout.Root], "", inside: null, cancellationToken);
        File.Delete(layout.Disk);
    }

    // In /proc/mounts a blank is \040 and the like.
    private static bool IsMounted(StateLayout layout)
    {
        var escaped = layout.Root.Replace(" ", "\\040", StringComparison.Ordinal).Replace("\t", "\\011", StringComparison.Ordinal);
        return File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ')[1] == escaped);
    }

    private static async Task MakeAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        var size = Math.Min(MostBytes, new DriveInfo(layout.Root).AvailableFreeSpace / 2);
        if (size < LeastBytes)
            throw new MachineHostException($"{layout.Root} has {size >> 19} MiB left, and half of it is too little for machines.");
        await using (var file = new FileStream(layout.Disk, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            file.SetLength(size);
        await Tool.MustRunAsync([.. Format, layout.Disk], "", inside: null, cancellationToken);
    }
}
