using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Small questions to the kernel.</summary>
[SupportedOSPlatform("linux")]
internal static class Kernel
{
    /// <summary>Changes with every boot of the host: process ids of another boot mean nothing.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <exception cref="MachineHostException">The call returned an error.</exception>
    public static void Check(int result, string what)
    {
        if (result != 0)
            throw new MachineHostException($"The kernel refused to {what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
    }

    /// <summary>Start time of a process in clock ticks since boot; null when it does not run, a zombie included.</summary>
    public static long? StartTime(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // The program's name stands in parentheses and may contain anything; state is field 3, start time field 22 of proc(5).
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
