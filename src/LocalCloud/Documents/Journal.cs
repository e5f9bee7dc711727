using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>
/// Keeps every document on disk, in one file of JSON lines, each the newest state of one document. A change is handed to the operating system before anyone sees it,
/// so that nothing that was answered is lost when the server is killed. A line that a crash cut off is dropped at the next start.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const string FileName = "documents.jsonl";

    /// <summary>The file is written anew, without what is outdated, when it has grown by this much.</summary>
    private const long MostGrowth = 16 * 1024 * 1024;

    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _lines = new(StringComparer.Ordinal);
    private FileStream _file;
    private long _compactedLength;

    private Journal(string path)
    {
        _path = path;
        _file = null!;
    }

    /// <returns>Whether the directory has a journal.</returns>
    public static bool IsIn(string stateDirectory) => File.Exists(Path.Combine(stateDirectory, FileName));

    /// <summary>Opens the journal of a state directory and reads it.</summary>
    /// <exception cref="IOException">The directory cannot be written, or the file holds something else.</exception>
    public static Journal Open(string stateDirectory)
    {
        var journal = new Journal(Path.Combine(stateDirectory, FileName));
        journal.Read();
        journal.Rewrite();
        return journal;
    }

    /// <summary>The documents that were there when the journal was opened, and all changes since.</summary>
    public IEnumerable<(ResourceName Name, JsonObject Json)> Documents()
    {
        foreach (var line in _lines.Values)
        {
            var json = JsonNode.Parse(line)!.AsObject();
            if (ResourceName.FromLink(json.Text("name")) is { } name && json.Object("document") is { } document)
                yield return (name, (JsonObject)document.DeepClone());
        }
    }

    /// <summary>Writes one change down.</summary>
    /// <param name="name">The document.</param>
    /// <param name="json">What it is now; null when it is gone.</param>
    /// <exception cref="IOException">It could not be written, most often because the disk is full; the journal is as it was before.</exception>
    public void Record(ResourceName name, JsonObject? json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name.Path);
            if (json is not null)
            {
                writer.WritePropertyName("document");
                json.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        lock (_gate)
        {
            var line = buffer.ToArray();
            Append(line);
            if (json is null)
                _lines.Remove(name.Path);
            else
                _lines[name.Path] = line;
            if (_file.Length > _compactedLength + MostGrowth)
                Compact();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }

    private void Append(byte[] line)
    {
        var end = _file.Length;
        try
        {
            _file.Write(line);
        }
        catch (IOException)
        {
            // Half a line in the middle would make everything after it unreadable.
            _file.SetLength(end);
            throw;
        }
    }

    private void Read()
    {
        if (!File.Exists(_path))
            return;
        var bytes = File.ReadAllBytes(_path);
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                return;
            var line = bytes.AsSpan(start, length + 1).ToArray();
            start += length + 1;
            var json = Parse(line);
            if (json.Text("name") is not { } name)
                throw new IOException($"{_path} is no journal of a local cloud: a line has no name.");
            if (json["document"] is null)
                _lines.Remove(name);
            else
                _lines[name] = line;
        }
    }

    private JsonObject Parse(byte[] line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? throw new IOException($"{_path} is no journal of a local cloud: a line is no JSON object.");
        }
        catch (JsonException malformed)
        {
            throw new IOException($"{_path} is damaged: {malformed.Message} Delete the state directory to start afresh.", malformed);
        }
    }

    private void Compact()
    {
        try
        {
            Rewrite();
        }
        catch (IOException)
        {
            // The change itself is written. A disk without room for a second file is tried again when this one has grown further.
            _compactedLength = _file.Length;
        }
    }

    private void Rewrite()
    {
        var fresh = _path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            foreach (var line in _lines.Values)
                file.Write(line);
            file.Flush(flushToDisk: true);
        }
        _file?.Dispose();
        File.Move(fresh, _path, overwrite: true);
        _file = new FileStream(_path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 });
        _compactedLength = _file.Length;
    }
}
