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

    /// <summary>Makes a symbolic link unless something is there.</summary>
    public static void MakeLink(string path, string target)
    {
        if (new FileInfo(path).LinkTarget is null && !Path.Exists(path))
            File.CreateSymbolicLink(path, target);
    }

    /// <summary>Deletes what is in a directory. Symbolic links are deleted, not followed.</summary>
    public static void Empty(string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder && folder.LinkTarget is null)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }
    }

    /// <summary>Writes a file with what is missing above it. A symbolic link in its place is replaced, not followed: a machine may have put it there.</summary>
    public static void Write(string path, string content, UnixFileMode mode = PlainFile)
    {
        MakeDirectory(Path.GetDirectoryName(path)!);
        if (new FileInfo(path).LinkTarget is not null)
            File.Delete(path);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
    }
}
