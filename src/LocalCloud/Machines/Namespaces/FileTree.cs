using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Makes files for machines with exactly the wanted permissions, whatever this process's umask is.</summary>
[SupportedOSPlatform("linux")]
internal static class FileTree
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode Readable =
        Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public const UnixFileMode Shared = Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;
    public const UnixFileMode Executable = Readable;
    public const UnixFileMode PlainFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes a directory, and what is missing above it readable for everyone. One that exists keeps its permissions.</summary>
    public static string MakeDirectory(string path, UnixFileMode mode = Readable)
    {
        if (Directory.Exists(path))
            return path;
        if (Path.GetDirectoryName(path) is { } parent)
            MakeDirectory(parent);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    /// <summary>
    /// Makes a directory within a tree that a machine writes to; without effect when something else than directories is on the way, so that nothing is made
    /// where a link of the machine leads.
    /// </summary>
    /// <returns>Whether the directory is there.</returns>
    public static bool MakeDirectoryWithin(string tree, string relative, UnixFileMode mode = Readable)
    {
        var path = tree;
        foreach (var part in relative.Split('/'))
        {
            path = Path.Combine(path, part);
            var there = new DirectoryInfo(path);
            if (there.LinkTarget is not null || File.Exists(path))
                return false;
            if (there.Exists)
                continue;
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, path.Length == tree.Length + 1 + relative.Length ? mode : Readable);
        }

        return true;
    }

    /// <summary>Makes a symbolic link unless something is there.</summary>
    public static void MakeLink(string path, string target)
    {
        if (new FileInfo(path).LinkTarget is null && !Path.Exists(path))
            File.CreateSymbolicLink(path, target);
    }

    /// <summary>Writes a file with what is missing above it.</summary>
    public static void Write(string path, string content, UnixFileMode mode = PlainFile)
    {
        MakeDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
    }
}
