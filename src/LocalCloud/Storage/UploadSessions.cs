using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>The resumable uploads, on disk and in memory.</summary>
internal sealed class UploadSessions : IAsyncDisposable
{
    /// <summary>As long as the real service keeps them (https://cloud.google.com/storage/docs/resumable-uploads).</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);
    private readonly string _directory;
    private readonly TimeProvider _time;

    public UploadSessions(string directory, TimeProvider time)
    {
        (_directory, _time) = (directory, time);
        foreach (var file in Directory.EnumerateFiles(directory, "*.json"))
            if (StorageFiles.ReadJson(file) is { } json && Path.GetFileNameWithoutExtension(file) is var id)
                _sessions[id] = new(id, directory, json);
        foreach (var file in Directory.GetFiles(directory).Where(f => !_sessions.ContainsKey(Path.GetFileNameWithoutExtension(f))))
            File.Delete(file);
    }

    public async Task<UploadSession> BeginAsync(string bucket, string name, JsonObject given, string? contentType, long? length, Preconditions preconditions)
    {
        await DropExpiredAsync();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var session = new UploadSession(id, _directory, new()
        {
            ["bucket"] = bucket,
            ["name"] = name,
            ["object"] = given.DeepClone(),
            ["contentType"] = contentType,
            ["length"] = length,
            ["begun"] = _time.GetUtcNow().ToUnixTimeSeconds(),
            ["generationMatch"] = preconditions.GenerationMatch,
            ["generationNotMatch"] = preconditions.GenerationNotMatch,
            ["metagenerationMatch"] = preconditions.MetagenerationMatch,
            ["metagenerationNotMatch"] = preconditions.MetagenerationNotMatch,
        });
        session.Save();
        return _sessions[id] = session;
    }

    /// <summary>The session, for one request at a time; dispose the turn to let the next one in.</summary>
    /// <exception cref="StorageException">404.</exception>
    public async Task<UploadTurn> EnterAsync(string id, CancellationToken cancellationToken)
    {
        var session = Find(id);
        var turn = await session.EnterAsync(cancellationToken);
        try
        {
            // Whoever had the turn before may have ended it.
            Find(id);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public async Task RemoveAsync(UploadSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        await session.DiscardAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
            await session.DisposeAsync();
    }

    private UploadSession Find(string id) => _sessions.TryGetValue(id, out var session) ? session : throw StorageException.NoSuchUpload();

    private async Task DropExpiredAsync()
    {
        var oldest = _time.GetUtcNow() - Lifetime;
        foreach (var session in _sessions.Values.Where(s => s.Begun < oldest))
            await RemoveAsync(session);
    }
}
