using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>
/// Reads members the way the API's JSON is meant: a member of another type than asked for counts as absent, and whole numbers may stand in quotes.
/// What a client sent wrongly is thus never an exception here; validation says what is missing.
/// </summary>
internal static class JsonReading
{
    public static string? Text(this JsonObject json, string member) =>
        json[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static long? Integer(this JsonObject json, string member) => json[member] is not JsonValue value ? null
        : value.TryGetValue(out long number) ? number
        : value.TryGetValue(out int small) ? small
        : value.GetValueKind() == JsonValueKind.String && long.TryParse(value.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quoted) ? quoted
        : null;

    public static bool? Flag(this JsonObject json, string member) => json[member]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static JsonObject? Object(this JsonObject json, string member) => json[member] as JsonObject;

    /// <summary>The objects of an array; empty when there is none.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject json, string member) => (json[member] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The strings of an array; empty when there is none.</summary>
    public static IEnumerable<string> Texts(this JsonObject json, string member) =>
        (json[member] as JsonArray)?.OfType<JsonValue>().Select(v => v.TryGetValue(out string? text) ? text : null).OfType<string>() ?? [];

    /// <summary>The named member as an object, made when it is not there.</summary>
    public static JsonObject Ensure(this JsonObject json, string member)
    {
        if (json[member] is JsonObject existing)
            return existing;
        var made = new JsonObject();
        json[member] = made;
        return made;
    }

    /// <summary>Fills in a default where the client gave nothing.</summary>
    public static void Default(this JsonObject json, string member, JsonNode? value)
    {
        if (json[member] is null)
            json[member] = value;
    }

    /// <summary>The newest first. Ids grow, which tells apart what was made in the same millisecond.</summary>
    public static IEnumerable<T> NewestFirst<T>(this IEnumerable<T> items, Func<T, JsonObject> document) => items
        .OrderByDescending(i => document(i).Text("creationTimestamp") ?? document(i).Text("insertTime"), StringComparer.Ordinal)
        .ThenByDescending(i => document(i).Text("id"), StringComparer.Ordinal);

    /// <summary>True once a delete was accepted: the resource still exists, and nothing new may use it.</summary>
    public static bool IsDeleting(this JsonObject json) => Local.GetFlag(json, Local.Deleting);
}
