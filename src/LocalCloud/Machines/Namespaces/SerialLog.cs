using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Serial port 1: a file that the machine appends to. Its offsets are those of the API, as old bytes are given back to the disk without moving the others.
/// </summary>
internal static class SerialLog
{
    /// <summary>As much as Compute Engine keeps.</summary>
    public const int KeptBytes = 1024 * 1024;

    /// <param name="path">The file; one that is not there is empty.</param>
    /// <param name="start">First byte wanted; a negative one counts from the end.</param>
    public static SerialOutput Read(string path, long start)
    {
        if (!File.Exists(path))
            return new SerialOutput(0, "", 0);

        using var file = Open(path, FileAccess.Read);
        var length = RandomAccess.GetLength(file);
        var first = Math.Clamp(start < 0 ? length + start : start, Math.Max(0, length - KeptBytes), length);
        var bytes = new byte[length - first];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), first + read) is > 0 and var more)
            read += more;
        var whole = WholeCharacters(bytes.AsSpan(0, read));
        return new SerialOutput(first, Encoding.UTF8.GetString(bytes, 0, whole), first + whole);
    }

    /// <summary>Adds a line of the host's own; without effect when the log is gone with its machine.</summary>
    public static void Append(string path, string text)
    {
        try
        {
            File.AppendAllText(path, text);
        }
        catch (IOException)
        {
            // Nobody is left to read it.
        }
    }

    /// <summary>Gives back what nobody can read any more. File systems that cannot do that keep it.</summary>
    public static void Trim(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length <= 2 * KeptBytes)
                return;

            using var file = Open(path, FileAccess.ReadWrite);
            _ = LinuxCalls.DiscardBefore(file, RandomAccess.GetLength(file) - KeptBytes);
        }
        catch (IOException)
        {
            // The machine was destroyed meanwhile.
        }
    }

    private static SafeFileHandle Open(string path, FileAccess access) => File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);

    // A character whose last bytes are still to come is left for the next reading.
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            var lead = text[^back];
            if ((lead & 0xC0) == 0x80)
                continue;
            var size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            return size > back ? text.Length - back : text.Length;
        }

        return text.Length;
    }
}
