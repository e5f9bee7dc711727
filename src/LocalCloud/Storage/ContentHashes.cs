using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Holds what arrived against what the client says it sent.</summary>
internal static class ContentHashes
{
    /// <param name="given">The object's JSON, with md5Hash or crc32c in it or not.</param>
    /// <param name="header">x-goog-hash, for example <c>crc32c=AAAAAA==,md5=…</c>.</param>
    /// <param name="content">What arrived.</param>
    /// <exception cref="StorageException">400: it is something else.</exception>
    public static void Check(JsonObject given, string? header, ContentWriter content)
    {
        Compare("CRC32C", given.Text("crc32c"), content.Crc32C);
        Compare("MD5 hash", given.Text("md5Hash"), content.Md5);
        foreach (var claim in (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (kind, value) = claim.Split('=', 2) is [var k, var v] ? (k, v) : (claim, "");
            if (kind == "crc32c")
                Compare("CRC32C", value, content.Crc32C);
            else if (kind == "md5")
                Compare("MD5 hash", value, content.Md5);
        }
    }

    private static void Compare(string kind, string? claimed, string calculated)
    {
        if (claimed is { Length: > 0 } && claimed != calculated)
            throw StorageException.Invalid($"Provided {kind} \"{claimed}\" doesn't match calculated {kind} \"{calculated}\".");
    }
}
