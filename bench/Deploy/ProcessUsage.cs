using System.Globalization;

namespace PrimeDeploy.DeployBench;

/// <summary>What processes use, as the kernel tells it in /proc.</summary>
internal static class ProcessUsage
{
    /// <summary>Of smaps_rollup, in kilobytes.</summary>
    /// <param name="Rss">All that is in memory, however many share it.</param>
    /// <param name="Pss">The same, what is shared divided among those who share it.</param>
    /// <param name="OwnFiles">Unchanged pages of files that nobody else has mapped; the kernel drops them when memory is short.</param>
    /// <param name="OwnData">Pages that only this process has and that hold data of its own.</param>
    internal sealed record Memory(long Rss, long Pss, long OwnFiles, long OwnData)
    {
        public static Memory operator +(Memory left, Memory right) =>
            new(left.Rss + right.Rss, left.Pss + right.Pss, left.OwnFiles + right.OwnFiles, left.OwnData + right.OwnData);
    }

    public static Memory MemoryOf(int pid)
    {
        var fields = File.ReadLines($"/proc/{pid}/smaps_rollup").Skip(1).Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
        return new Memory(fields["Rss"], fields["Pss"], fields["Private_Clean"], fields["Private_Dirty"]);
    }

    /// <returns>Seconds of one processor, in user mode and in the kernel.</returns>
    public static double ProcessorSecondsOf(int pid)
    {
        // Fields 14 and 15 of proc_pid_stat(5), in hundredths of a second; the program's name before them may hold anything.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }
}
