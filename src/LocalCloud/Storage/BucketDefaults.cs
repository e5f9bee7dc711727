using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>What the service fills in when a bucket is made, and what it refuses.</summary>
internal static partial class BucketDefaults
{
    private static readonly string[] MultiRegions = ["US", "EU", "ASIA"];

    /// <exception cref="StorageException">The name or the project is not allowed.</exception>
    public static Bucket Complete(string project, JsonObject json, DateTimeOffset now)
    {
        if (!Naming.IsProjectId(project))
            throw StorageException.Invalid($"Invalid argument. Project '{project}' cannot exist: an id has 6 to 30 lower-case letters, digits and dashes, starts with a letter and does not end with a dash.");
        var name = json.Text("name") ?? throw StorageException.Required("Required field 'name' not specified");
        CheckName(name);
        foreach (var serverSet in (string[])["kind", "id", "selfLink", "etag", "acl", "defaultObjectAcl"])
            json.Remove(serverSet);

        var location = (json.Text("location") is { Length: > 0 } given ? given : "US").ToUpperInvariant();
        json["location"] = location;
        json["locationType"] = MultiRegions.Contains(location) ? "multi-region" : location.Contains('-') ? "region" : "dual-region";
        json["projectNumber"] = ServerFields.ProjectNumber(project);
        json["storageClass"] = json.Text("storageClass") ?? "STANDARD";
        json["metageneration"] = "1";
        json["timeCreated"] = now.Wire();
        json["updated"] = now.Wire();
        Settle(json, now);
        return new(project, json, DefaultPolicy(project, name));
    }

    /// <summary>What is always there, after every change.</summary>
    public static void Settle(JsonObject json, DateTimeOffset now)
    {
        if (json["iamConfiguration"] is not JsonObject iam)
            json["iamConfiguration"] = iam = [];
        iam["publicAccessPrevention"] ??= "inherited";
        if (iam["uniformBucketLevelAccess"] is not JsonObject uniform)
            iam["uniformBucketLevelAccess"] = uniform = new() { ["enabled"] = false };
        // Until then, and not after, it can be switched off again.
        if (uniform.Flag("enabled") == true)
            uniform["lockedTime"] ??= now.AddDays(90).Wire();
        else
            uniform.Remove("lockedTime");

        if (json["softDeletePolicy"] is not JsonObject softDelete)
            json["softDeletePolicy"] = softDelete = new() { ["retentionDurationSeconds"] = "604800" };
        softDelete["effectiveTime"] ??= now.Wire();
    }

    /// <summary>https://cloud.google.com/storage/docs/buckets#naming.</summary>
    private static void CheckName(string name)
    {
        var limit = name.Contains('.') ? 222 : 63;
        var wrong = name.Length < 3 || name.Length > limit ? $"it has {name.Length} characters, 3 to {limit} are allowed"
            : !NamePattern().IsMatch(name) ? "lower-case letters, digits, '-', '_' and '.' are allowed, the first and the last being a letter or digit"
            : name.Split('.').Any(part => part.Length is 0 or > 63) ? "each part between dots has 1 to 63 characters"
            : IPAddress.TryParse(name, out _) ? "it looks like an IP address"
            : name.StartsWith("goog", StringComparison.Ordinal) || name.Contains("google", StringComparison.Ordinal) ? "'goog' in front and 'google' anywhere are reserved"
            : null;
        if (wrong is not null)
            throw StorageException.Invalid($"Invalid bucket name: '{name}': {wrong}.");
    }

    private static JsonObject DefaultPolicy(string project, string bucket) => new()
    {
        ["kind"] = "storage#policy",
        ["resourceId"] = $"projects/_/buckets/{bucket}",
        ["version"] = 1,
        ["etag"] = JsonFields.EntityTag(null, 1),
        ["bindings"] = new JsonArray(
            Binding("roles/storage.legacyBucketOwner", $"projectEditor:{project}", $"projectOwner:{project}"),
            Binding("roles/storage.legacyBucketReader", $"projectViewer:{project}")),
    };

    private static JsonObject Binding(string role, params string[] members) =>
        new() { ["role"] = role, ["members"] = new JsonArray([.. members.Select(m => JsonValue.Create(m))]) };

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]*[a-z0-9]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
