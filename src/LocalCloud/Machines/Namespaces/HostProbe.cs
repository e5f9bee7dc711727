using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Finds out by trying whether this host can make machines, and says in one sentence why not and what to do.</summary>
[SupportedOSPlatform("linux")]
internal static class HostProbe
{
    /// <summary>Tool and the Debian package that has it.</summary>
    private static readonly (string Tool, string Package)[] Tools =
    [
        ("bash", "bash"), ("ip", "iproute2"), ("nft", "nftables"), ("unshare", "util-linux"), ("setpriv", "util-linux"), ("perl", "perl-base"),
        ("mount", "mount"), ("curl", "curl"),
    ];

    /// <summary>What a machine with systemd runs of this host's, and the Debian package that has it.</summary>
    private static readonly (string Path, string Package)[] Systemd =
        [("/usr/lib/systemd/systemd", "systemd"), ("/usr/lib/systemd/systemd-journald", "systemd"), ("/usr/bin/systemctl", "systemd"), ("/usr/sbin/reboot", "systemd-sysv")];

    private static readonly string[] ToolFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <returns>Null when machines can be made.</returns>
    public static async Task<string?> WhyNotAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return "Machines need root to make namespaces, and this process is not root; run it with sudo.";
        if (layout.Root.IndexOfAny([',', ':', '\\', '\n']) >= 0)
            return $"The state directory {layout.Root} has a comma, colon, backslash or line break in its path, which overlay file systems cannot take; choose another with --state.";

        var missing = Tools.Where(tool => !ToolFolders.Any(folder => File.Exists(Path.Combine(folder, tool.Tool)))).ToList();
        return missing.Count > 0
            ? $"Machines need {string.Join(", ", missing.Select(tool => tool.Tool))}, which this host lacks; install: apt-get install {string.Join(' ', missing.Select(tool => tool.Package).Distinct(StringComparer.Ordinal))}."
            : await TryAsync(layout, cancellationToken);
    }

    /// <summary>For a host that can make machines.</summary>
    /// <returns>Null when they can boot with systemd.</returns>
    public static string? WhyNoSystemd(StateLayout layout)
    {
        var missing = Systemd.Where(file => !File.Exists(file.Path)).ToList();
        return missing.Count > 0
            ? $"This host lacks {string.Join(", ", missing.Select(file => file.Path))}; install: apt-get install {string.Join(' ', missing.Select(file => file.Package).Distinct(StringComparer.Ordinal))}."
            : new ControlGroups(layout.NamePrefix).WhyNoTree();
    }

    private static async Task<string?> TryAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        try
        {
            layout.Create();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The state directory cannot be made: {failure.Message} Choose another with --state.";
        }

        var results = await Task.WhenAll(TryNetworkAsync(layout, cancellationToken), TryFileSystemAsync(layout, cancellationToken));
        return results.FirstOrDefault(result => result is not null);
    }

    private static async Task<string?> TryNetworkAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        try
        {
            using var router = NetworkNamespace.Create("probe");
            await Tool.MustRunAsync(["ip", "-batch", "-"], $"{RouterLinks.Router()}\nlink add m-probe type veth peer name eth0\n", router, cancellationToken);
            var plan = new NetworkPlan("probe", [], [], [], [new LoadBalancer(new(0x0100000A), "tcp", [80], ["a", "b"])]);
            var marks = new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1, ["b"] = 2 };
            await Tool.MustRunAsync(["nft", "-f", "-"], new FirewallRuleset(plan, marks).ToString(), router, cancellationToken);
        }
        catch (MachineHostException refusal)
        {
            return $"This kernel or container does not let us make networks (network namespaces, veth, nftables): {FirstLine(refusal)} Run on a host or in a privileged container that allows it.";
        }

        return await TryNamedNamespaceAsync(layout, cancellationToken);
    }

    private static async Task<string?> TryNamedNamespaceAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        var name = layout.RouterName("probe");
        try
        {
            await NamedNamespaces.RemoveAsync(name, cancellationToken);
            await Tool.MustRunAsync(["ip", "netns", "add", name], "", inside: null, cancellationToken);
            return null;
        }
        catch (MachineHostException refusal)
        {
            return $"Network namespaces cannot be kept under /run/netns: {FirstLine(refusal)} Run on a host or in a privileged container that allows mounts.";
        }
        finally
        {
            await NamedNamespaces.RemoveAsync(name, CancellationToken.None);
        }
    }

    private static async Task<string?> TryFileSystemAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(layout.Root, "probe");
        try
        {
            foreach (var folder in new[] { "upper", "work", "root" })
                Directory.CreateDirectory(Path.Combine(scratch, folder));
            await Tool.MustRunAsync(
                ["unshare", "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--fork", "--propagation", "private",
                    "mount", "-t", "overlay", "overlay", "-o", $"lowerdir=/usr,upperdir={scratch}/upper,workdir={scratch}/work", $"{scratch}/root"],
                "", inside: null, cancellationToken);
            return null;
        }
        catch (MachineHostException refusal)
        {
            return $"Machines' file systems cannot be overlays in {layout.Root}: {FirstLine(refusal)} Choose a directory on a local disk with --state (not one inside a container's own file system).";
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static string FirstLine(MachineHostException refusal) => refusal.Message.Split('\n')[0].TrimEnd('.') + ".";
}
