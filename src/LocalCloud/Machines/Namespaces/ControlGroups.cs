using System.Globalization;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Limits of machines by Linux control groups, of either version. Groups are made within (version 1) or beside (version 2) the one of this process,
/// so that what limits this process still limits the sum. Where the host does not let us, machines run without limits.
/// </summary>
/// <param name="namePrefix">Begins the name of every group.</param>
[SupportedOSPlatform("linux")]
internal sealed class ControlGroups(string namePrefix)
{
    /// <summary>Ends fork bombs; far above what a machine needs.</summary>
    private const int MaximumProcesses = 4096;

    private const int PeriodMicroseconds = 100_000;

    private readonly IReadOnlyList<(string Controller, string Parent)> _parents = [.. FindParents()];

    /// <summary>What machines are not limited in, as no group for it can be made.</summary>
    public IEnumerable<string> Missing =>
        from limit in new (string Controller, string What)[] { ("pids", "Processes"), ("memory", "Memory"), ("cpu", "Processors") }
        where !_parents.Any(parent => parent.Controller == limit.Controller || (parent.Controller is "" && Unified(parent.Parent).Contains(limit.Controller, StringComparer.Ordinal)))
        select $"{limit.What}: this host lets us make no control group of the controller {limit.Controller}.";

    /// <summary>Makes the groups of one machine.</summary>
    /// <returns>Directories; a process that writes 0 to their cgroup.procs is limited. Empty when the host does not let us.</returns>
    public IReadOnlyList<string> Create(MachineSpec spec)
    {
        var groups = new List<string>();
        foreach (var (controller, parent) in _parents)
        {
            var group = Path.Combine(parent, namePrefix + spec.Id);
            try
            {
                Directory.CreateDirectory(group);
                foreach (var (file, value) in Limits(controller, spec).Where(limit => File.Exists(Path.Combine(group, limit.File))))
                    File.WriteAllText(Path.Combine(group, file), value);
                groups.Add(group);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                Remove([group]);
            }
        }

        return groups;
    }

    /// <summary>Removes groups that no process is in any more; others stay for the next attempt.</summary>
    public static void Remove(IEnumerable<string> groups)
    {
        foreach (var group in groups.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(group);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                // A process that has just been killed may still be leaving; purging tries again.
            }
        }
    }

    /// <summary>Removes all groups of this prefix.</summary>
    public void RemoveAll() =>
        Remove(_parents.Select(parent => parent.Parent).Distinct(StringComparer.Ordinal)
            .SelectMany(parent => Directory.EnumerateDirectories(parent, namePrefix + "*")));

    private static IEnumerable<(string File, string Value)> Limits(string controller, MachineSpec spec)
    {
        if (controller is "pids" or "")
            yield return ("pids.max", MaximumProcesses.ToString(CultureInfo.InvariantCulture));
        if (controller == "memory" && spec.MemoryBytes is { } limit)
            yield return ("memory.limit_in_bytes", limit.ToString(CultureInfo.InvariantCulture));
        if (controller == "" && spec.MemoryBytes is { } maximum)
            yield return ("memory.max", maximum.ToString(CultureInfo.InvariantCulture));
        if (controller == "cpu" && spec.Cpus is { } share)
        {
            yield return ("cpu.cfs_period_us", PeriodMicroseconds.ToString(CultureInfo.InvariantCulture));
            yield return ("cpu.cfs_quota_us", Quota(share));
        }

        if (controller == "" && spec.Cpus is { } part)
            yield return ("cpu.max", $"{Quota(part)} {PeriodMicroseconds}");
    }

    private static string Quota(double cpus) => Math.Max(1000, (long)(cpus * PeriodMicroseconds)).ToString(CultureInfo.InvariantCulture);

    // /proc/self/cgroup has "number:controllers:path" per hierarchy; version 2 is number 0 with no controllers.
    private static IEnumerable<(string Controller, string Parent)> FindParents()
    {
        var own = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).ToList();
        var mounts = File.ReadAllLines("/proc/self/mounts").Select(line => line.Split(' ')).ToList();
        foreach (var controller in new[] { "pids", "memory", "cpu" })
        {
            var path = own.FirstOrDefault(line => line[1].Split(',').Contains(controller, StringComparer.Ordinal))?[2];
            var mount = mounts.FirstOrDefault(fields => fields[2] == "cgroup" && fields[3].Split(',').Contains(controller, StringComparer.Ordinal))?[1];
            if (path is not null && mount is not null && Existing(mount, path) is { } parent)
                yield return (controller, parent);
        }

        // In version 2 a group that has processes cannot give limits to groups within it.
        var unified = mounts.FirstOrDefault(fields => fields[2] == "cgroup2")?[1];
        if (unified is not null && own.FirstOrDefault(line => line[0] == "0") is { } self
            && Existing(unified, Path.GetDirectoryName(self[2]) ?? "/") is { } beside
            && Unified(beside).Contains("memory", StringComparer.Ordinal))
            yield return ("", beside);
    }

    /// <summary>What a group of version 2 hands down to groups within it.</summary>
    private static string[] Unified(string group) => File.ReadAllText(Path.Combine(group, "cgroup.subtree_control")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string? Existing(string mount, string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.Join(mount, path));
        return Directory.Exists(full) ? full : Directory.Exists(mount) ? mount : null;
    }
}
