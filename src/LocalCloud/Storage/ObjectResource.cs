using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>An object's resource: what a client may say of it, what the server adds.</summary>
internal static class ObjectResource
{
    private const int MaxNameBytes = 1024;

    /// <summary>What only the server says. What the hashes were said to be is checked before it is replaced.</summary>
    public static IReadOnlySet<string> ReadOnly { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "kind", "id", "selfLink", "mediaLink", "name", "bucket", "generation", "metageneration", "size", "md5Hash", "crc32c", "etag",
        "timeCreated", "updated", "timeStorageClassUpdated", "timeFinalized", "timeDeleted", "componentCount", "owner",
    };

    /// <summary>The resource of a new generation, from what the client said and what really arrived.</summary>
    /// <param name="given">What the client said of it; taken over but for what only the server says.</param>
    /// <param name="contentType">When <paramref name="given"/> does not tell.</param>
    public static JsonObject Complete(JsonObject given, string name, string storageClass, string? contentType, long size, string crc32c, string? md5)
    {
        var json = new JsonObject { ["name"] = name };
        json.Merge(given, ReadOnly);
        json.Default("contentType", string.IsNullOrEmpty(contentType) ? "application/octet-stream" : contentType);
        json.Default("storageClass", storageClass);
        json["size"] = size.Wire();
        if (md5 is not null)
            json["md5Hash"] = md5;
        json["crc32c"] = crc32c;
        json.Remove("acl");
        return json;
    }

    /// <exception cref="StorageException">The name is not allowed (https://cloud.google.com/storage/docs/objects#naming).</exception>
    public static string CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            throw StorageException.Required("Required parameter: name");
        var wrong = System.Text.Encoding.UTF8.GetByteCount(name) > MaxNameBytes ? $"it is longer than {MaxNameBytes} bytes of UTF-8"
            : name.AsSpan().ContainsAny('\r', '\n') ? "it contains a line break"
            : name is "." or ".." ? "'.' and '..' are not allowed"
            : name.StartsWith(".well-known/acme-challenge/", StringComparison.Ordinal) ? "'.well-known/acme-challenge/' in front is reserved"
            : null;
        return wrong is null ? name : throw StorageException.Invalid($"Invalid object name: '{name}': {wrong}.");
    }

    /// <summary>As the asker sees it, with links that lead back to where it asked.</summary>
    public static JsonObject Show(StorageRequest request, StoredObject stored)
    {
        var path = $"/storage/v1/b/{stored.Bucket}/o/{Uri.EscapeDataString(stored.Name)}";
        var json = (JsonObject)stored.Json.DeepClone();
        json.Insert(0, "kind", "storage#object");
        json.Insert(1, "id", $"{stored.Bucket}/{stored.Name}/{stored.Generation}");
        json.Insert(2, "selfLink", request.BaseUri + path);
        json.Insert(3, "mediaLink", $"{request.BaseUri}/download{path}?generation={stored.Generation}&alt=media");
        json["etag"] = JsonFields.EntityTag(stored.Generation, stored.Metageneration);
        return json;
    }
}
