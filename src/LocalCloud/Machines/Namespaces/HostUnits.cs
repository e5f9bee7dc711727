namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Where a host says which of its units start without anybody asking for them. On machines these directories are empty, so that the units are there and do not start:
/// what people switched on or configured, what packages tie to targets, what is generated at boot, what a message on the system bus starts.
/// </summary>
internal static class HostUnits
{
    private static readonly string[] Settings = ["etc/systemd", "etc/systemd/system"];

    private static readonly string[] Prefixes = ["/usr", "/usr/local"];

    // Below both; systemd.unit(5), systemd.generator(7), dbus-daemon(1).
    private static readonly string[] Starters = ["lib/systemd/system-generators", "lib/systemd/system.conf.d", "lib/systemd/journald.conf.d", "share/dbus-1/system-services"];
    private static readonly string[] Ties = ["*.wants", "*.requires", "*.upholds"];

    /// <summary>Relative to the root; those below <c>/usr</c> only as far as the host has them.</summary>
    public static IReadOnlyList<string> Directories() =>
    [
        .. Settings,
        .. from prefix in Prefixes
           from directory in Starters.Select(starter => Path.Combine(prefix, starter)).Where(Directory.Exists).Concat(TiesIn(Path.Combine(prefix, "lib/systemd/system")))
           select directory[1..],
    ];

    private static IEnumerable<string> TiesIn(string units) =>
        Directory.Exists(units) ? Ties.SelectMany(tie => Directory.EnumerateDirectories(units, tie)).Order(StringComparer.Ordinal) : [];
}
