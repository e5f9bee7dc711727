using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>Finds string members by paths such as <c>backends[].group</c>.</summary>
internal static class JsonMembers
{
    /// <summary>The strings that a path leads to.</summary>
    public static IEnumerable<string> Values(JsonObject json, string path)
    {
        var found = new List<string>();
        Replace(json, path, (_, value) =>
        {
            found.Add(value);
            return value;
        });
        return found;
    }

    /// <summary>Replaces every string that the path leads to; the function gets its exact place (<c>backends[2].group</c>) and value.</summary>
    public static void Replace(JsonObject json, string path, Func<string, string, string> replacement) => Replace(json, path.Split('.'), 0, "", replacement);

    private static void Replace(JsonObject json, string[] path, int depth, string place, Func<string, string, string> replacement)
    {
        var isList = path[depth].EndsWith("[]", StringComparison.Ordinal);
        var member = isList ? path[depth][..^2] : path[depth];
        var here = place.Length == 0 ? member : $"{place}.{member}";
        if (!isList)
            Step(json[member], value => json[member] = value, here);
        else if (json[member] is JsonArray array)
        {
            for (var index = 0; index < array.Count; index++)
            {
                var position = index;
                Step(array[index], value => array[position] = value, $"{here}[{index}]");
            }
        }

        void Step(JsonNode? node, Action<JsonNode> set, string at)
        {
            if (depth < path.Length - 1)
            {
                if (node is JsonObject inner)
                    Replace(inner, path, depth + 1, at, replacement);
            }
            else if (node is JsonValue value && value.TryGetValue(out string? text) && replacement(at, text) is var replaced && replaced != text)
                set(replaced);
        }
    }
}
