using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Replaces the metadata of an instance or project, guarded by its fingerprint.</summary>
internal static class MetadataChange
{
    /// <param name="member">Where the document holds it.</param>
    /// <param name="wanted">A Metadata message. Without a fingerprint it replaces whatever is there.</param>
    /// <exception cref="ApiException">The fingerprint is stale, or a key or value is not allowed.</exception>
    public static void Apply(DocumentStore store, ResourceName name, string member, JsonObject wanted)
    {
        var problems = new Problems();
        Naming.CheckMetadata(problems, member, wanted);
        problems.Throw();
        if (wanted.Text("fingerprint") is { } seen && seen != store.Find(name)?.Object(member)?.Text("fingerprint"))
            throw ApiException.StaleFingerprint("metadata");
        store.Update(name, json => json[member] = Message(wanted));
    }

    /// <summary>A Metadata message with kind and fingerprint.</summary>
    public static JsonObject Message(JsonObject? wanted)
    {
        var message = new JsonObject { ["kind"] = "compute#metadata", ["fingerprint"] = ServerFields.Fingerprint(wanted?["items"]) };
        if (wanted?["items"] is JsonArray { Count: > 0 } items)
            message["items"] = items.DeepClone();
        return message;
    }
}
