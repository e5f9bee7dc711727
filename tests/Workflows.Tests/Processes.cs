namespace PrimeDeploy.Workflows.Tests;

/// <summary>What everybody on a Linux host sees of its processes.</summary>
internal static class Processes
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again at the arguments of every process, until the work has ended.</summary>
    /// <returns>Every command line that was there at a look, its arguments apart by spaces.</returns>
    public static async Task<IReadOnlySet<string>> CommandLinesDuringAsync(Task work)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!work.IsCompleted)
        {
            seen.UnionWith(All().Select(process => Read(process, "cmdline").Replace('\0', ' ')));
            await Task.WhenAny(work, Task.Delay(BetweenLooks));
        }
        await work;
        return seen;
    }

    /// <summary>The environments of the processes inside machines of the local cloud with that folder: their disks are in it.</summary>
    public static IReadOnlyList<string> EnvironmentsInMachinesOf(string state) =>
        [.. All().Where(process => Read(process, "mountinfo").Contains($"{state}/", StringComparison.Ordinal) && Namespace(process) is { } own && own != Namespace("/proc/self"))
            .Select(process => Read(process, "environ"))];

    private static IEnumerable<string> All() => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _));

    private static string? Namespace(string process)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "ns", "mnt"), returnFinalTarget: false)?.Name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended meanwhile, or is none of ours
        }
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended meanwhile, or is none of ours
        }
    }
}
