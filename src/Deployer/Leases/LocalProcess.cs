using System.Globalization;

namespace PrimeDeploy.Deployer;

/// <summary>
/// A process of some machine, so exactly that another process of the same machine can tell whether it has ended. Numbers of processes are
/// used again; together with the start time, the machine's boot and the namespace that counts them they are not.
/// </summary>
/// <param name="Place">Boot of the machine and namespace of the process.</param>
/// <param name="Id">The process's number there.</param>
/// <param name="Started">In ticks since the boot.</param>
internal sealed record LocalProcess(string Place, int Id, string Started)
{
    /// <summary>This process; null where the system has no /proc, and other runs wait for the lease's end instead.</summary>
    public static LocalProcess? Current { get; } = OperatingSystem.IsLinux() && PlaceOf() is { } place && StartOf(Environment.ProcessId) is { } start
        ? new(place, Environment.ProcessId, start) : null;

    /// <summary>It ran on this very machine and runs no longer. False when that cannot be told.</summary>
    public bool HasEnded => Place == Current?.Place && StartOf(Id) != Started;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place}/{Id}/{Started}");

    public static LocalProcess? Parse(string? text) =>
        text?.Split('/') is [var place, var id, var started] && int.TryParse(id, CultureInfo.InvariantCulture, out var number)
            ? new(place, number, started) : null;

    private static string? PlaceOf()
    {
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false) is { Name: var space } ? $"{boot}-{space}" : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The 22nd field of the process's state; the second one is a name in brackets that may hold spaces.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            var state = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = state[(state.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
