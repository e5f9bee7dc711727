using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>A snapshot of a bucket, never changed.</summary>
/// <param name="Json">The resource without what depends on the asker (links).</param>
/// <param name="Policy">Its IAM policy.</param>
internal sealed record Bucket(string Project, JsonObject Json, JsonObject Policy)
{
    public string Name => Json.Text("name")!;

    public long Metageneration => Json.Long("metageneration");

    public bool KeepsVersions => Json.Object("versioning")?.Flag("enabled") ?? false;
}
