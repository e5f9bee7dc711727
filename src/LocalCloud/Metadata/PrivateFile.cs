namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>Files that only the server's own user may read: keys.</summary>
internal static class PrivateFile
{
    /// <summary>The file's content; made when it is not there, and then there as a whole or not at all.</summary>
    public static byte[] ReadOrCreate(string path, Func<byte[]> create)
    {
        if (File.Exists(path))
            return File.ReadAllBytes(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var content = create();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(path + ".next", options))
            file.Write(content);
        File.Move(path + ".next", path, overwrite: true);
        return content;
    }
}
