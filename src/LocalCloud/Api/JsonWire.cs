using System.Text.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>
/// Documents as clients see them: links stand on the base that the client asked on, and <c>$local</c> is left out. On the way in, links on any base are brought back.
/// What people wrote themselves (metadata, labels, descriptions) passes untouched.
/// </summary>
internal static class JsonWire
{
    /// <param name="json">What to write.</param>
    /// <param name="linkBase">For example http://127.0.0.1:9900/compute/v1/.</param>
    /// <param name="isPretty">Indented, as the API does unless asked not to.</param>
    public static byte[] Write(JsonObject json, string linkBase, bool isPretty)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = isPretty, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, json, linkBase);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>Brings links that a client wrote on this server's base, or on another of Google's, to the form of documents.</summary>
    public static void Normalize(JsonObject json, string linkBase)
    {
        foreach (var (member, value) in json.ToList())
        {
            if (!IsPeoplesOwn(member) && Normalized(value, linkBase) is { } replaced)
                json[member] = replaced;
        }
    }

    private static JsonValue? Normalized(JsonNode? node, string linkBase)
    {
        switch (node)
        {
            case JsonObject inner:
                Normalize(inner, linkBase);
                break;
            case JsonArray array:
                for (var index = 0; index < array.Count; index++)
                {
                    if (Normalized(array[index], linkBase) is { } replaced)
                        array[index] = replaced;
                }
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                foreach (var known in (ReadOnlySpan<string>)[linkBase, "https://compute.googleapis.com/compute/v1/"])
                {
                    if (text.StartsWith(known, StringComparison.OrdinalIgnoreCase))
                        return JsonValue.Create(ResourceLink.Base + text[known.Length..]);
                }
                break;
        }
        return null;
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node, string linkBase)
    {
        switch (node)
        {
            case JsonObject json:
                writer.WriteStartObject();
                foreach (var (member, value) in json)
                {
                    if (member == Local.Member)
                        continue;
                    writer.WritePropertyName(member);
                    if (value is null || IsPeoplesOwn(member))
                        WriteAsIs(writer, value);
                    else
                        Write(writer, value, linkBase);
                }
                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                    Write(writer, item, linkBase);
                writer.WriteEndArray();
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                writer.WriteStringValue(text.StartsWith(ResourceLink.Base, StringComparison.Ordinal) ? linkBase + text[ResourceLink.Base.Length..] : text);
                break;
            default:
                WriteAsIs(writer, node);
                break;
        }
    }

    private static void WriteAsIs(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
            writer.WriteNullValue();
        else
            node.WriteTo(writer);
    }

    private static bool IsPeoplesOwn(string member) => member is "metadata" or "commonInstanceMetadata" or "labels" or "description" or "contents";
}
