using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>A snapshot of one generation of an object, never changed. Its content has the generation as file name.</summary>
/// <param name="Json">The resource without what depends on the asker (links).</param>
internal sealed record StoredObject(JsonObject Json)
{
    public string Bucket { get; } = Json.Text("bucket")!;

    public string Name { get; } = Json.Text("name")!;

    public long Generation { get; } = Json.Long("generation");

    public long Metageneration { get; } = Json.Long("metageneration");

    public long Size { get; } = Json.Long("size");

    public bool IsLive => !Json.ContainsKey("timeDeleted");
}
