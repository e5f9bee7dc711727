using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>A resumable upload. Its JSON and what arrived so far are on disk, so that it goes on with another server process.</summary>
internal sealed class UploadSession(string id, string directory, JsonObject json) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private ContentWriter? _content;

    public string Id { get; } = id;

    public JsonObject Json { get; } = json;

    public string Bucket => Json.Text("bucket")!;

    public string Name => Json.Text("name")!;

    /// <summary>What the client said of the object when it began.</summary>
    public JsonObject Given => Json.Object("object")!;

    public string? ContentType => Json.Text("contentType");

    public DateTimeOffset Begun => DateTimeOffset.FromUnixTimeSeconds(Json.Integer("begun") ?? 0);

    public Preconditions Preconditions => new(
        Json.Integer("generationMatch"), Json.Integer("generationNotMatch"), Json.Integer("metagenerationMatch"), Json.Integer("metagenerationNotMatch"));

    /// <summary>Set when all is done: a client that lost the answer asks again and gets it.</summary>
    public long? FinishedGeneration => Json.Integer("finishedGeneration");

    private string JsonPath => Path.Combine(directory, Id + ".json");

    private string ContentPath => Path.Combine(directory, Id + ".part");

    public async Task<UploadTurn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new(this, _turn);
    }

    /// <summary>What arrived so far; stays open between requests, or every one would have to hash it all again.</summary>
    public async Task<ContentWriter> OpenAsync(CancellationToken cancellationToken) =>
        _content ??= await ContentWriter.ResumeAsync(ContentPath, cancellationToken);

    /// <exception cref="StorageException">400: the client announced another size when it began.</exception>
    public void CheckTotal(long? total)
    {
        if (total is { } now && Json.Integer("length") is { } announced && now != announced)
            throw StorageException.Invalid($"The upload was announced with {announced} bytes, now it is said to have {now}.");
    }

    public void Save() => StorageFiles.WriteJson(JsonPath, Json);

    public async Task FinishAsync(long generation)
    {
        Json["finishedGeneration"] = generation;
        Save();
        await CloseAsync();
    }

    public async Task DiscardAsync()
    {
        await CloseAsync();
        File.Delete(ContentPath);
        File.Delete(JsonPath);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task CloseAsync()
    {
        if (_content is not null)
            await _content.DisposeAsync();
        _content = null;
    }
}

/// <summary>The right to work on a session.</summary>
internal sealed class UploadTurn(UploadSession session, SemaphoreSlim turn) : IDisposable
{
    public UploadSession Session { get; } = session;

    public void Dispose() => turn.Release();
}
