using System.Text.Json;
using static PrimeDeploy.DeployBench.ProcessUsage;

namespace PrimeDeploy.DeployBench;

/// <summary>The processes of one machine of the local cloud, found by the process namespace that they share.</summary>
/// <param name="Name">The host name.</param>
/// <param name="Program">The service that runs there.</param>
/// <param name="Others">The machine's init, the service's supervisor and what launched them.</param>
internal sealed record Machine(string Name, IReadOnlyList<int> Program, IReadOnlyList<int> Others)
{
    private const string ProgramsFolder = "/usr/local/";

    public Memory ProgramMemory => Program.Select(MemoryOf).Aggregate((a, b) => a + b);

    public Memory OtherMemory => Others.Select(MemoryOf).Aggregate((a, b) => a + b);

    public double ProcessorSeconds => Program.Concat(Others).Sum(ProcessorSecondsOf);

    public static IReadOnlyList<Machine> All(string state) =>
        [.. Directory.EnumerateFiles(Path.Combine(state, "machines"), "machine.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(file => JsonSerializer.Deserialize<Record>(File.ReadAllText(file))!)
            .Select(record => Of(record.HostName, record.InitProcess))];

    private static Machine Of(string name, int init)
    {
        var space = SpaceOf(init);
        var inside = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(number => int.TryParse(number, out _))
            .Select(number => int.Parse(number!)).Where(pid => SpaceOf(pid) == space).ToLookup(IsProgram);
        return new Machine(name, [.. inside[true]], [.. inside[false], ParentOf(init)]);
    }

    private static string? SpaceOf(int pid) => Ask(() => new FileInfo($"/proc/{pid}/ns/pid").LinkTarget);

    private static bool IsProgram(int pid) => Ask(() => new FileInfo($"/proc/{pid}/exe").LinkTarget)?.StartsWith(ProgramsFolder, StringComparison.Ordinal) == true;

    /// <summary>The process that made the namespaces and waits for their end counts too.</summary>
    private static int ParentOf(int pid) =>
        int.Parse(File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..]);

    /// <returns>Null for a process that has ended meanwhile.</returns>
    private static string? Ask(Func<string?> question)
    {
        try
        {
            return question();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The part that is needed here of what the local cloud keeps about a machine.</summary>
    private sealed record Record(string HostName, int InitProcess);
}
