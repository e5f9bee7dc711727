using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Where one state directory keeps its machines, and how its kernel objects are called. Names of kernel objects begin with a hash of the directory,
/// so that two servers on one computer never meet, and a purge finds exactly its own.
/// </summary>
/// <param name="stateDirectory">Full path.</param>
internal sealed class StateLayout(string stateDirectory)
{
    public string StateDirectory => stateDirectory;

    public string Root { get; } = Path.Combine(stateDirectory, "machines");

    /// <summary>The file that <see cref="MachinesDisk"/> keeps the root in.</summary>
    public string Disk { get; } = Path.Combine(stateDirectory, "machines.disk");

    public string Networks => Path.Combine(Root, "networks");

    /// <summary>Begins the name of everything that has a name on the host: <c>pd</c>, eight hexadecimal digits, <c>-</c>.</summary>
    public string NamePrefix { get; } =
        $"pd{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(stateDirectory))))[..8]}-";

    public string RouterName(string networkId) => NamePrefix + networkId;

    public MachineDirectory Machine(string machineId) => new(Path.Combine(Root, "m-" + machineId));

    public IEnumerable<MachineDirectory> Machines() =>
        Directory.Exists(Root) ? Directory.EnumerateDirectories(Root, "m-*").Select(path => new MachineDirectory(path)) : [];

    /// <summary>Makes the root, closed to ordinary users of the host: what machines write may be set-user-id.</summary>
    [SupportedOSPlatform("linux")]
    public void Create()
    {
        Directory.CreateDirectory(stateDirectory);
        FileTree.MakeDirectory(Root, FileTree.Private);
        Directory.CreateDirectory(Networks);
    }
}
