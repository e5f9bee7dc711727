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

    /// <summary>Groups that a machine may make within its own; each costs the kernel memory. Far above what systemd needs for its units.</summary>
    private const int MaximumGroups = 1024;

    private const int PeriodMicroseconds = 100_000;

    private readonly IReadOnlyList<(string Controller, string Parent)> _parents = [.. FindParents()];

    // Where groups of version 2 are made.
    private readonly string? _hierarchy = FindHierarchy();

    /// <summary>What machines are not limited in, as no group for it can be made.</summary>
    public IEnumerable<string> Missing =>
        from limit in new (string Controller, string What)[] { ("pids", "Processes"), ("memory", "Memory"), ("cpu", "Processors") }
        where !_parents.Any(parent => parent.Controller == limit.Controller || (parent.Controller is "" && Unified(parent.Parent).Contains(limit.Controller, StringComparer.Ordinal)))
        select $"{limit.What}: this host lets us make no control group of the controller {limit.Controller}.";

    /// <summary>Makes the groups of one machine.</summary>
    /// <returns>Directories; a process that writes 0 to their cgroup.procs is limited. Empty when the host does not let us.</returns>
    public IReadOnlyList<string> Create(MachineSpec spec, MachineInit init)
    {
        IReadOnlyList<string> tree = init == MachineInit.Systemd ? MakeTree(spec.Id) : [];
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

        // A process of version 2 is in one group only, the last that it is written to.
        return [.. groups.Except(tree), .. tree];
    }

    /// <summary>Tries to make what a machine with systemd needs.</summary>
    /// <returns>Null, or in one sentence why it cannot be made.</returns>
    public string? WhyNoTree()
    {
        if (_hierarchy is null)
            return "systemd needs control groups of version 2, and this host has none mounted; mount them: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified.";
        try
        {
            Remove(MakeTree("probe"));
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"systemd needs a control group of its own, and this host lets us make none in {_hierarchy}: {refused.Message} Run on a host or in a privileged container that allows it.";
        }
    }

    /// <summary>Removes groups that no process is in any more; others stay for the next attempt.</summary>
    public static void Remove(IEnumerable<string> groups)
    {
        foreach (var group in groups.Where(Directory.Exists))
        {
            try
            {
                Remove(Directory.EnumerateDirectories(group));
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
        Remove(_parents.Select(parent => parent.Parent).Append(_hierarchy).OfType<string>().Distinct(StringComparer.Ordinal)
            .SelectMany(parent => Directory.EnumerateDirectories(parent, namePrefix + "*")));

    // The outer group has the limits, where version 2 has them, and is out of the machine's sight; the inner one is all that the machine sees, and its own.
    private IReadOnlyList<string> MakeTree(string machineId)
    {
        var outer = Path.Combine(_hierarchy!, namePrefix + machineId);
        var inner = Path.Combine(outer, "machine");
        Directory.CreateDirectory(inner);
        File.WriteAllText(Path.Combine(outer, "cgroup.max.descendants"), MaximumGroups.ToString(CultureInfo.InvariantCulture));
        return [outer, inner];
    }

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

        if (FindHierarchy() is { } hierarchy && Unified(hierarchy).Contains("memory", StringComparer.Ordinal))
            yield return ("", hierarchy);
    }

    // Beside this process's own: in version 2 a group that has processes cannot give limits to groups within it.
    private static string? FindHierarchy()
    {
        var mount = File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).FirstOrDefault(fields => fields[2] == "cgroup2")?[1];
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        return mount is null || own is null ? null : Existing(mount, Path.GetDirectoryName(own) ?? "/");
    }

    /// <summary>What a group of version 2 hands down to groups within it.</summary>
    private static string[] Unified(string group) => File.ReadAllText(Path.Combine(group, "cgroup.subtree_control")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string? Existing(string mount, string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.Join(mount, path));
        return Directory.Exists(full) ? full : Directory.Exists(mount) ? mount : null;
    }
}
