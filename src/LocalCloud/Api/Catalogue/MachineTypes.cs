using System.Collections.Frozen;
using System.Globalization;

namespace PrimeDeploy.LocalCloud.Api.Catalogue;

/// <param name="GuestCpus">Virtual CPUs that the guest sees.</param>
/// <param name="SustainedCpus">How much of them it may use for long: less than what it sees for shared-core types.</param>
internal sealed record MachineType(string Name, int GuestCpus, double SustainedCpus, int MemoryMb)
{
    public bool IsSharedCpu => SustainedCpus < GuestCpus;

    public long MemoryBytes => MemoryMb * 1024L * 1024L;

    public string Description => IsSharedCpu
        ? string.Create(CultureInfo.InvariantCulture, $"Efficient Instance, {GuestCpus} vCPU ({SustainedCpus} shared physical core) and {MemoryMb / 1024.0:0.##} GB RAM")
        : string.Create(CultureInfo.InvariantCulture, $"{GuestCpus} vCPUs, {MemoryMb / 1024.0:0.##} GB RAM");
}

/// <summary>The general-purpose machine types, the same in every zone (https://cloud.google.com/compute/docs/general-purpose-machines).</summary>
internal static class MachineTypes
{
    private static readonly FrozenDictionary<string, MachineType> ByName = All().ToFrozenDictionary(t => t.Name);

    public static IReadOnlyList<MachineType> InOrder { get; } = [.. ByName.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];

    public static MachineType? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<MachineType> All()
    {
        yield return new("e2-micro", 2, 0.25, 1024);
        yield return new("e2-small", 2, 0.5, 2048);
        yield return new("e2-medium", 2, 1, 4096);
        yield return new("f1-micro", 1, 0.2, 614);
        yield return new("g1-small", 1, 0.5, 1740);
        foreach (var (family, most, standard, highMemory, highCpu) in ((string, int, int, int, int)[])[("e2", 32, 4096, 8192, 1024), ("n2", 128, 4096, 8192, 1024), ("n2d", 128, 4096, 8192, 1024)])
        {
            foreach (var cpus in (int[])[2, 4, 8, 16, 32, 48, 64, 80, 96, 128])
            {
                if (cpus > most)
                    break;
                yield return new($"{family}-standard-{cpus}", cpus, cpus, cpus * standard);
                yield return new($"{family}-highcpu-{cpus}", cpus, cpus, cpus * highCpu);
                if (family != "e2" || cpus <= 16)
                    yield return new($"{family}-highmem-{cpus}", cpus, cpus, cpus * highMemory);
            }
        }
        foreach (var cpus in (int[])[1, 2, 4, 8, 16, 32, 64, 96])
            yield return new($"n1-standard-{cpus}", cpus, cpus, cpus * 3840);
    }
}
