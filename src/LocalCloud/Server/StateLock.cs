using System.Text.Json;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>A state directory could not be opened, or the port not be had; the message is for the user.</summary>
public sealed class LocalCloudStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Holds a state directory for one server. The lock is the operating system's, on an open file, and so goes with the process however that ends;
/// beside it stands who holds it, for messages.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _ownerPath;

    private StateLock(FileStream file, string ownerPath) => (_lock, _ownerPath) = (file, ownerPath);

    private sealed record Owner(int Pid, string Endpoint);

    /// <exception cref="LocalCloudStartException">Another server has it, or the directory cannot be written.</exception>
    public static StateLock Take(string directory)
    {
        var ownerPath = Path.Combine(directory, "server.json");
        try
        {
            Directory.CreateDirectory(directory);
            return new StateLock(new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), ownerPath);
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

    /// <summary>Says to others who holds the directory.</summary>
    public void Announce(Uri endpoint) => File.WriteAllText(_ownerPath, JsonSerializer.Serialize(new Owner(Environment.ProcessId, endpoint.ToString().TrimEnd('/'))));

    public void Dispose()
    {
        File.Delete(_ownerPath);
        _lock.Dispose();
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
