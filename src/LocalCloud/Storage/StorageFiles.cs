using System.Text.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>
/// The store's folder: <c>buckets/B/bucket.json</c>, and for each generation of an object <c>buckets/B/GENERATION.bin</c> with <c>GENERATION.json</c> beside it.
/// Every file appears by a rename, content first, so that the JSON is the commit: a server killed at any point leaves either all of a change or nothing
/// (after a power cut the last changes may be missing; <see cref="Load"/> drops what is incomplete).
/// </summary>
internal sealed class StorageFiles
{
    private readonly string _buckets;

    public StorageFiles(string directory)
    {
        _buckets = Path.Combine(directory, "buckets");
        Staging = Path.Combine(directory, "staging");
        Uploads = Path.Combine(directory, "uploads");
        foreach (var folder in (string[])[_buckets, Staging, Uploads])
            Directory.CreateDirectory(folder);
        foreach (var leftover in Directory.EnumerateFiles(Staging))
            File.Delete(leftover);
    }

    /// <summary>For content whose upload is one request: it does not outlive the server.</summary>
    public string Staging { get; }

    /// <summary>For resumable uploads: they do.</summary>
    public string Uploads { get; }

    public string NewStagingPath() => Path.Combine(Staging, Guid.NewGuid().ToString("N"));

    public string ContentPath(StoredObject stored) => Path.Combine(_buckets, stored.Bucket, $"{stored.Generation}.bin");

    /// <summary>What is on disk; files without their counterpart, as a killed server leaves them, are deleted.</summary>
    public IEnumerable<(Bucket Bucket, IReadOnlyList<StoredObject> Objects)> Load()
    {
        foreach (var folder in Directory.EnumerateDirectories(_buckets))
        {
            var file = Path.Combine(folder, "bucket.json");
            if (ReadJson(file) is not { } json || json["bucket"] is not JsonObject document || json["policy"] is not JsonObject policy)
            {
                Directory.Delete(folder, recursive: true);
                continue;
            }

            yield return (new(json.Text("project") ?? "", document, policy), [.. LoadObjects(folder)]);
        }
    }

    public void Save(Bucket bucket)
    {
        Directory.CreateDirectory(Path.Combine(_buckets, bucket.Name));
        WriteJson(Path.Combine(_buckets, bucket.Name, "bucket.json"), new()
        {
            ["project"] = bucket.Project, ["bucket"] = bucket.Json.DeepClone(), ["policy"] = bucket.Policy.DeepClone(),
        });
    }

    public void Delete(Bucket bucket)
    {
        var folder = Path.Combine(_buckets, bucket.Name);
        File.Delete(Path.Combine(folder, "bucket.json"));
        Directory.Delete(folder, recursive: true);
    }

    public void Save(StoredObject stored, string? stagedContent)
    {
        if (stagedContent is not null)
            File.Move(stagedContent, ContentPath(stored));
        WriteJson(JsonPath(stored), stored.Json);
    }

    public void Delete(StoredObject stored)
    {
        File.Delete(JsonPath(stored));
        File.Delete(ContentPath(stored));
    }

    public static JsonObject? ReadJson(string path)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static void WriteJson(string path, JsonObject json)
    {
        var next = path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(json));
        File.Move(next, path, overwrite: true);
    }

    private string JsonPath(StoredObject stored) => Path.Combine(_buckets, stored.Bucket, $"{stored.Generation}.json");

    private static IEnumerable<StoredObject> LoadObjects(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.next"))
            File.Delete(file);
        foreach (var content in Directory.GetFiles(folder, "*.bin"))
        {
            var json = Path.ChangeExtension(content, ".json");
            if (ReadJson(json) is { } document && document.Long("size") == new FileInfo(content).Length)
            {
                yield return new(document);
                continue;
            }

            File.Delete(content);
            File.Delete(json);
        }
    }
}
