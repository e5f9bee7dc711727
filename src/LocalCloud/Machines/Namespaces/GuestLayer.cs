using System.Reflection;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// The file system layer between the host's stock directories and what a machine writes; all machines share it. It adds the guest's own programs,
/// and takes away what an ordinary user of the host could not read, the host's people, settings and services.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class GuestLayer
{
    private const string ResourcePrefix = "Guest/";
    private const string Common = "common/";

    // Debian's UID_MIN and nobody.
    private const int FirstPerson = 1000;
    private const int Nobody = 65534;

    /// <summary>Where the guest's internals are, on the machine.</summary>
    public const string Library = "/usr/lib/primedeploy";

    // What the host's people wrote there for the host: where it gets packages from and with which password, its mounts, its jobs.
    private static readonly string[] HostSettings =
    [
        "etc/apt/apt.conf", "etc/apt/auth.conf", "etc/apt/auth.conf.d", "etc/apt/sources.list", "etc/apt/sources.list.d", "etc/cron.d", "etc/crontab", "etc/curlrc", "etc/docker",
        "etc/exports", "etc/fstab", "etc/gitconfig", "etc/group-", "etc/kubernetes", "etc/maven/settings.xml", "etc/netplan", "etc/network", "etc/npmrc", "etc/NetworkManager", "etc/passwd-",
        "etc/pip.conf", "etc/subgid", "etc/subgid-", "etc/subuid", "etc/subuid-", "etc/wgetrc", "etc/wireguard", "etc/yum.repos.d", "etc/.git",
    ];

    // On machines these hold only what is written there for them: of SSH neither the host's keys nor its settings.
    private static IReadOnlyList<string> OwnDirectories => [.. HostUnits.Directories(), "etc/ssh"];

    private GuestLayer(string path, MachineInit init) => (Path, Init) = (path, init);

    public string Path { get; }

    public MachineInit Init { get; }

    /// <summary>The program that steps from the host into a machine, on the host: nothing that a machine could have changed.</summary>
    public string Enter => Path + Library + "/enter";

    /// <summary>Makes the layer. Its name tells its content, so one that running machines stand on is never changed.</summary>
    public static GuestLayer Create(StateLayout layout, MachineInit init)
    {
        var programs = Programs(init);
        foreach (var (file, content) in Accounts())
            programs[file] = content;
        var own = OwnDirectories;
        var hidden = Hidden("/etc", own).Where(path => !programs.ContainsKey(path[1..])).ToList();
        var layer = new GuestLayer(System.IO.Path.Combine(layout.Root, "guest-" + Digest(programs, [.. own, .. hidden])), init);
        var complete = layer.Path + ".complete";
        if (File.Exists(complete))
            return layer;

        if (Directory.Exists(layer.Path))
            Directory.Delete(layer.Path, recursive: true);
        foreach (var directory in own)
            layer.MakeOwnDirectory(directory);
        foreach (var path in hidden)
            layer.Hide(path);
        foreach (var (path, content) in programs)
            FileTree.Write(layer.InLayer(path), content, content.StartsWith("#!", StringComparison.Ordinal) ? FileTree.Executable : FileTree.PlainFile);
        File.SetUnixFileMode(layer.InLayer("etc/shadow"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(complete, "");
        return layer;
    }

    // Those of every machine, and those of its init.
    private static Dictionary<string, string> Programs(MachineInit init)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var programs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
            foreach (var folder in new[] { ResourcePrefix + Common, ResourcePrefix + (init == MachineInit.Systemd ? "systemd/" : "light/") })
                if (name.Replace('\\', '/') is var path && path.StartsWith(folder, StringComparison.Ordinal))
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    programs[path[folder.Length..]] = reader.ReadToEnd().ReplaceLineEndings("\n");
                }
        return programs;
    }

    // The system's accounts without the host's people, and nobody's password. An empty environment: the host's may tell secrets.
    private static IEnumerable<(string File, string Content)> Accounts()
    {
        yield return ("etc/environment", "");
        yield return ("etc/shadow", "root:*:19000:0:99999:7:::\n");
        foreach (var file in new[] { "etc/passwd", "etc/group" })
            yield return (file, string.Concat(File.ReadLines("/" + file).Where(IsSystemAccount).Select(line => line + "\n")));
    }

    private static bool IsSystemAccount(string line) =>
        line.Split(':') is [_, _, var number, ..] && int.TryParse(number, out var id) && id is < FirstPerson or Nobody;

    private static IEnumerable<string> Hidden(string directory, IReadOnlyList<string> own)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.LinkTarget is not null || own.Contains(entry.FullName[1..], StringComparer.Ordinal))
                continue;
            if (!entry.UnixFileMode.HasFlag(UnixFileMode.OtherRead) || HostSettings.Contains(entry.FullName[1..], StringComparer.Ordinal))
                yield return entry.FullName;
            else if (entry is DirectoryInfo)
                foreach (var inner in Hidden(entry.FullName, own))
                    yield return inner;
        }
    }

    private static string Digest(Dictionary<string, string> programs, IEnumerable<string> hidden)
    {
        var text = string.Join('\0', programs.SelectMany(program => new[] { program.Key, program.Value }).Concat(hidden));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }

    private void MakeOwnDirectory(string relative) =>
        Kernel.Check(LinuxCalls.MakeOpaque(FileTree.MakeDirectory(InLayer(relative))), $"hide the host's /{relative} from machines");

    private void Hide(string hostPath)
    {
        var path = InLayer(hostPath[1..]);
        FileTree.MakeDirectory(System.IO.Path.GetDirectoryName(path)!);
        Kernel.Check(LinuxCalls.MakeWhiteout(path), $"hide the host's {hostPath} from machines");
    }

    private string InLayer(string relative) => System.IO.Path.Combine(Path, relative);
}
