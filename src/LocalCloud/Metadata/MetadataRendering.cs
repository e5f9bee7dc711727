using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>Metadata as text and as JSON.</summary>
internal static class MetadataRendering
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Listing(MetadataDirectory directory) =>
        string.Concat(directory.Entries.Select(e => e.Node is MetadataDirectory ? e.Name + "/\n" : e.Name + "\n"));

    public static string RecursiveJson(MetadataNode node) => ToJson(node)!.ToJsonString(Options);

    /// <summary>Lines of path and value; a list has a line for each of its entries.</summary>
    public static string RecursiveText(MetadataDirectory directory)
    {
        var text = new StringBuilder();
        Append(directory, "");
        return text.ToString();

        void Append(MetadataDirectory of, string path)
        {
            foreach (var (name, node) in of.Entries)
            {
                if (node is MetadataDirectory inner)
                    Append(inner, $"{path}{name}/");
                else if (node is MetadataValue { Json: JsonArray list })
                    foreach (var entry in list)
                        text.Append(path).Append(name).Append(' ').Append(entry).Append('\n');
                else if (node is MetadataValue value)
                    text.Append(path).Append(name).Append(' ').Append(value.Text).Append('\n');
            }
        }
    }

    /// <summary>16 characters that follow from the content: the same for text and JSON, and again the same when the content is what it was before.</summary>
    public static string EntityTag(MetadataNode node, bool recursive)
    {
        var content = node is MetadataDirectory directory && !recursive ? "listing\n" + Listing(directory) : "content\n" + RecursiveJson(node);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 8));
    }

    private static JsonNode? ToJson(MetadataNode node) => node switch
    {
        MetadataValue value => value.Json.DeepClone(),
        MetadataDirectory { Form: DirectoryForm.List } list => new JsonArray([.. list.Entries.Select(e => ToJson(e.Node))]),
        MetadataDirectory directory => new JsonObject(directory.Entries
            .Where(e => e.Node is not MetadataEndpoint)
            .Select(e => KeyValuePair.Create(directory.Form == DirectoryForm.Fields ? CamelCase(e.Name) : e.Name, ToJson(e.Node)))),
        _ => null,
    };

    private static string CamelCase(string name)
    {
        var parts = name.Split('-');
        return parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }
}
