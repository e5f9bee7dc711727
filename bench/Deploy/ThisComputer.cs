using System.Globalization;

namespace PrimeDeploy.DeployBench;

/// <summary>What the figures were taken on.</summary>
internal static class ThisComputer
{
    public static string Describe()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var memory = long.Parse(File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores ({processor ?? "unknown processor"}), {memory / 1024.0 / 1024.0:F0} GB of memory, Linux {kernel}, .NET {Environment.Version}");
    }

    /// <returns>Over 1, 5 and 15 minutes.</returns>
    public static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
}
