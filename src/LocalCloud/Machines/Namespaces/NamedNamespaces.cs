using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Network namespaces with a name, as <c>ip netns</c> keeps them: they outlive the process that made them.</summary>
[SupportedOSPlatform("linux")]
internal static class NamedNamespaces
{
    private const string Folder = "/run/netns";

    public static bool Exists(string name) => File.Exists(Path.Combine(Folder, name));

    public static NetworkNamespace Open(string name) => NetworkNamespace.Open(Path.Combine(Folder, name));

    public static IReadOnlyList<string> WithPrefix(string prefix) =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, prefix + "*").Select(path => Path.GetFileName(path))] : [];

    public static async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (Exists(name))
            await Tool.MustRunAsync(["ip", "netns", "delete", name], "", inside: null, cancellationToken);
    }
}
