using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>What names, tags, labels and metadata keys have to look like.</summary>
internal static partial class Naming
{
    public static bool IsResourceName(string name) => ResourceNames().IsMatch(name);

    /// <summary>What a project's id may be, after "must be" and "allowed are".</summary>
    public const string ProjectIdRule = "6 to 30 lower-case letters, digits and dashes, starting with a letter, not ending with a dash";

    public static bool IsProjectId(string id) => ProjectIds().IsMatch(id);

    public static void CheckName(Problems problems, string field, string? name)
    {
        if (string.IsNullOrEmpty(name))
            problems.Required(field);
        else if (!IsResourceName(name))
            problems.Invalid(field, name, "Must be a match of regex '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?': 1 to 63 lower-case letters, digits and dashes, starting with a letter, not ending with a dash.");
    }

    public static void CheckTags(Problems problems, string field, IEnumerable<string> tags)
    {
        var index = 0;
        foreach (var tag in tags)
        {
            if (!IsResourceName(tag))
                problems.Invalid($"{field}[{index}]", tag, "Must be a match of regex '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?'.");
            index++;
        }
    }

    public static void CheckLabels(Problems problems, string field, JsonObject? labels)
    {
        if (labels is null)
            return;
        if (labels.Count > 64)
            problems.Invalid(field, $"{labels.Count} labels", "A resource has at most 64 labels.");
        foreach (var (key, _) in labels)
        {
            if (!LabelKeys().IsMatch(key))
                problems.Invalid(field, key, "A label's key must start with a lower-case letter and have at most 63 lower-case letters, digits, underscores and dashes.");
            if (labels.Text(key) is not { } value || !LabelValues().IsMatch(value))
                problems.Invalid($"{field}.{key}", labels[key]?.ToString(), "A label's value has at most 63 lower-case letters, digits, underscores and dashes.");
        }
    }

    /// <summary>Keys, sizes (256 KiB a value, 512 KiB in all) and double keys of instance metadata.</summary>
    public static void CheckMetadata(Problems problems, string field, JsonObject? metadata)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long total = 0;
        var index = 0;
        foreach (var item in metadata?.Objects("items") ?? [])
        {
            var at = $"{field}.items[{index++}]";
            var key = item.Text("key");
            if (key is null || !MetadataKeys().IsMatch(key))
                problems.Invalid($"{at}.key", key, "Must be a match of regex '[a-zA-Z0-9-_]{1,128}'.");
            else if (!seen.Add(key))
                problems.Invalid($"{at}.key", key, "Metadata has duplicate key.");
            var size = System.Text.Encoding.UTF8.GetByteCount(item.Text("value") ?? "");
            if (size > 262_144)
                problems.Invalid($"{at}.value", $"{key}: {size} bytes", "Metadata value is too large: at most 262144 bytes.");
            total += size + (key?.Length ?? 0);
        }
        if (total > 524_288)
            problems.Invalid(field, $"{total} bytes", "The total size for all keys and values must be less than 512 KB.");
    }

    [GeneratedRegex(@"^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResourceNames();

    [GeneratedRegex(@"^(?:[a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectIds();

    [GeneratedRegex(@"^[a-z][-_a-z0-9]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelKeys();

    [GeneratedRegex(@"^[-_a-z0-9]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,128}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetadataKeys();
}
