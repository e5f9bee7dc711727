using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>The system calls that .NET has no name for. Each returns -1 and sets errno on failure, as in the manual's section 2.</summary>
internal static partial class LinuxCalls
{
    public const int CloneNewNetwork = 0x40000000;
    public const int SignalKill = 9;

    /// <summary>SIGRTMIN+4 as the C library counts: "power off" to every init (systemd(1), Signals).</summary>
    public const int SignalPowerOff = 38;

    private const long PidfdSendSignalNumber = 424;
    private const long PidfdOpenNumber = 434;
    private const short PollIn = 1;
    private const int Interrupted = 4;
    private const uint CharacterDevice = 0x2000;
    private const int KeepSizeAndPunchHole = 1 | 2;

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(SafeFileHandle namespaceFile, int type);

    /// <summary>A descriptor that names one process for good, however its number is used again later.</summary>
    public static SafeFileHandle OpenProcess(int process) => new((nint)Syscall(PidfdOpenNumber, process, 0, 0, 0), ownsHandle: true);

    /// <summary>Signals the process; one that has ended, and whose descriptor is closed by now, needs none.</summary>
    public static void SendSignal(SafeFileHandle process, int signal)
    {
        try
        {
            _ = Syscall(PidfdSendSignalNumber, process, signal, 0, 0);
        }
        catch (ObjectDisposedException)
        {
            // It ended between the caller's look and this call.
        }
    }

    /// <summary>Blocks until the process has ended.</summary>
    public static void WaitForExit(SafeFileHandle process)
    {
        var poll = new PollDescriptor { File = (int)process.DangerousGetHandle(), Events = PollIn };
        while (Poll(ref poll, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            // A signal to this process is no news of that one.
        }
    }

    /// <summary>Makes the device that means "deleted" to overlayfs.</summary>
    public static int MakeWhiteout(string path) => MakeNode(path, CharacterDevice, 0);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFifo(string path, uint mode);

    /// <summary>Makes overlayfs show the directory without what lower layers have in it.</summary>
    public static int MakeOpaque(string directory) => SetExtendedAttribute(directory, "trusted.overlay.opaque", "y"u8, 1, 0);

    /// <summary>Gives the bytes before <paramref name="end"/> back to the disk; the file keeps its size, so offsets stay true.</summary>
    public static int DiscardBefore(SafeFileHandle file, long end) => Allocate(file, KeepSizeAndPunchHole, 0, end);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long first, long second, long third, long fourth);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, SafeFileHandle first, long second, long third, long fourth);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor files, ulong count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(string path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetExtendedAttribute(string path, string name, ReadOnlySpan<byte> value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
