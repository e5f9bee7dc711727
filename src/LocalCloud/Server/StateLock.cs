using System.Text.Json;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>A state directory could not be opened, or the port not be had; the message is for the user.</summary>
public sealed class LocalCloudStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Holds a state directory for one server. The lock is the operating system's, on an open file, and so goes with the process however that ends;
/// beside it stands who holds it, for messages.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const string LockFile = "lock";
    private const string OwnerFile = "server.json";

    /// <summary>What may stand in a directory whose server ended before it wrote anything: the lock itself, and the log that whoever started it keeps there.</summary>
    private static readonly string[] Beginnings = [LockFile, OwnerFile, "server.log"];

    private readonly FileStream _lock;
    private readonly string _ownerPath;

    private StateLock(FileStream file, string ownerPath) => (_lock, _ownerPath) = (file, ownerPath);

    internal sealed record Owner(int Pid, string Endpoint);

    /// <exception cref="LocalCloudStartException">Another server has it, the directory cannot be written, or it holds something else than a local cloud's state.</exception>
    public static StateLock Take(string directory)
    {
        var ownerPath = Path.Combine(directory, OwnerFile);
        try
        {
            Directory.CreateDirectory(directory);
            RefuseOthersFiles(directory);
            return new StateLock(new FileStream(Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), ownerPath);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or DirectoryNotFoundException or PathTooLongException)
        {
            throw new LocalCloudStartException($"The state directory {directory} cannot be written: {refused.Message} Choose another one with --state.", refused);
        }
        catch (IOException taken)
        {
            throw new LocalCloudStartException(ReadOwner(ownerPath) is { } owner
                ? $"The state directory {directory} is in use by the local cloud with process id {owner.Pid} at {owner.Endpoint}. Use that one, stop it, or choose another directory with --state."
                : $"The state directory {directory} cannot be locked: {taken.Message} Choose another one with --state.", taken);
        }
    }

    /// <summary>The server that has the directory; null when none has.</summary>
    public static Owner? OwnerOf(string directory)
    {
        try
        {
            if (File.Exists(Path.Combine(directory, LockFile)))
                new FileStream(Path.Combine(directory, LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return null;
        }
        catch (IOException)
        {
            return ReadOwner(Path.Combine(directory, OwnerFile));
        }
    }

    /// <summary>Says to others who holds the directory.</summary>
    public void Announce(Uri endpoint) => File.WriteAllText(_ownerPath, JsonSerializer.Serialize(new Owner(Environment.ProcessId, endpoint.ToString().TrimEnd('/'))));

    public void Dispose()
    {
        File.Delete(_ownerPath);
        _lock.Dispose();
    }

    /// <summary>A purge deletes the directory with all that is in it: it must not be someone's home that was given by mistake.</summary>
    private static void RefuseOthersFiles(string directory)
    {
        if (Journal.IsIn(directory))
            return;
        if (Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).FirstOrDefault(name => !Beginnings.Contains(name, StringComparer.Ordinal)) is { } other)
            throw new LocalCloudStartException(
                $"The directory {directory} holds something else than a local cloud's state, for example '{other}'. Choose an empty one, or one that is not there yet, with --state.");
    }

    private static Owner? ReadOwner(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            return null;
        }
    }
}
