using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PrimeDeploy.Reporting.Tests.GitHub;

/// <summary>
/// The part of GitHub's published OpenAPI description that our calls touch (openapi.json, made by tests/Workflows.Tests/npm/extract-openapi.mjs):
/// finds the operation of a request, checks values against schemas, and makes the smallest value that a schema allows.
/// </summary>
internal sealed class OpenApi
{
    private readonly JsonObject _document;

    private OpenApi(JsonObject document) => _document = document;

    public static OpenApi Read()
    {
        using var stream = typeof(OpenApi).Assembly.GetManifestResourceStream("openapi.json")!;
        return new OpenApi(JsonNode.Parse(stream)!.AsObject());
    }

    /// <returns>The operation and its path as the description writes it; null when GitHub has none such.</returns>
    public (JsonObject Operation, string Path)? Find(string method, string path)
    {
        foreach (var (template, methods) in _document["paths"]!.AsObject())
        {
            var pattern = $"^{Regex.Replace(template, @"\{[a-z_]+\}", "[^/]+", RegexOptions.None, TimeSpan.FromMinutes(1))}$";
            if (methods![method.ToLowerInvariant()] is JsonObject operation && Regex.IsMatch(path, pattern, RegexOptions.None, TimeSpan.FromMinutes(1)))
                return (operation, template);
        }
        return null;
    }

    public IEnumerable<string> CheckQuery(JsonObject operation, IEnumerable<string> names)
    {
        var known = operation["parameters"]!.AsArray().Select(parameter => Follow(parameter!)).Where(p => (string?)p["in"] == "query").Select(p => (string)p["name"]!).ToHashSet();
        // Octokit always sends these; GitHub passes over what it does not know.
        return names.Except(["sort", "direction", "filter"]).Where(name => !known.Contains(name)).Select(name => $"there is no query parameter {name}");
    }

    public IEnumerable<string> CheckRequest(JsonObject operation, JsonNode? body) =>
        operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema ? Check(schema, body, "body") : body is null ? [] : ["body: none is expected"];

    /// <summary>The schema of the answer with that status; null when it has no body.</summary>
    public JsonNode? AnswerOf(JsonObject operation, int status) => operation["responses"]?[status.ToString()] is { } answer
        ? Follow(answer)["content"]?["application/json"]?["schema"] is { } schema
            // An extension of what is answered elsewhere is all optional.
            ? schema["allOf"]?[0] ?? schema
            : null
        : throw new InvalidOperationException($"GitHub does not answer {status} there.");

    public IEnumerable<string> Check(JsonNode schema, JsonNode? value, string at)
    {
        var s = Follow(schema);
        if (value is null)
            return s["nullable"]?.GetValue<bool>() == true || IsNullable(s) ? [] : [$"{at}: null is not allowed"];
        if ((s["oneOf"] ?? s["anyOf"]) is JsonArray some)
            return some.Any(one => !Check(one!, value, at).Any()) ? [] : [$"{at}: fits none of {some.Count} alternatives"];
        var problems = s["allOf"] is JsonArray all ? all.SelectMany(one => Check(one!, value, at)).ToList() : [];
        if (s["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            problems.Add($"{at}: {value.ToJsonString()} is not one of {allowed.ToJsonString()}");
        problems.AddRange((string?)s["type"] switch
        {
            "object" => CheckObject(s, value, at),
            "array" => value is JsonArray items ? items.SelectMany((item, i) => Check(s["items"]!, item, $"{at}[{i}]")) : [$"{at}: no array"],
            "string" => value.GetValueKind() is System.Text.Json.JsonValueKind.String ? [] : [$"{at}: no string"],
            "integer" or "number" => value.GetValueKind() is System.Text.Json.JsonValueKind.Number ? [] : [$"{at}: no number"],
            "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? [] : [$"{at}: no boolean"],
            _ => [],
        });
        return problems;
    }

    /// <summary>The smallest value that the schema allows: what is required, and nothing else.</summary>
    public JsonNode? Smallest(JsonNode schema, string name = "")
    {
        var s = Follow(schema);
        if (s["nullable"]?.GetValue<bool>() == true)
            return null;
        if ((s["oneOf"] ?? s["anyOf"]) is JsonArray some)
            return Smallest(some[0]!, name);
        if (s["allOf"] is JsonArray all)
            return Smallest(all[0]!, name);
        if (s["enum"] is JsonArray allowed)
            return allowed[0]!.DeepClone();
        return (string?)s["type"] switch
        {
            "array" => new JsonArray(),
            "string" => (string?)s["format"] switch { "date-time" => "2026-01-02T03:04:05Z", "uri" => "https://github.example/", _ => Text(name) },
            "integer" or "number" => 1,
            "boolean" => false,
            _ => new JsonObject((s["required"] as JsonArray ?? []).Select(required => KeyValuePair.Create((string)required!, Smallest(s["properties"]![(string)required!]!, (string)required!)))),
        };
    }

    /// <summary>Where the description only says that it is a text, but clients expect one of a kind.</summary>
    private static string Text(string name) => name.EndsWith("_at", StringComparison.Ordinal) ? "2026-01-02T03:04:05Z" : name is "type" ? "User" : "";

    public JsonNode? MemberOf(JsonNode schema, string name) => Follow(schema)["properties"]?[name];

    private IEnumerable<string> CheckObject(JsonObject schema, JsonNode value, string at)
    {
        if (value is not JsonObject members)
            return [$"{at}: no object"];
        var missing = (schema["required"] as JsonArray ?? []).Where(name => !members.ContainsKey((string)name!)).Select(name => $"{at}.{name}: is missing");
        return missing.Concat(members.SelectMany(member => schema["properties"]?[member.Key] is { } known
            ? Check(known, member.Value, $"{at}.{member.Key}")
            : schema["additionalProperties"] is JsonValue or JsonObject || schema["properties"] is null ? [] : [$"{at}.{member.Key}: there is no such member"]));
    }

    private bool IsNullable(JsonObject schema) => (schema["oneOf"] ?? schema["anyOf"]) is JsonArray some && some.Any(one => Follow(one!)["nullable"]?.GetValue<bool>() == true);

    private JsonObject Follow(JsonNode node)
    {
        var followed = node.AsObject();
        while (followed["$ref"] is { } reference)
        {
            var parts = ((string)reference!).Split('/');
            followed = _document[parts[1]]![parts[2]]![parts[3]]!.AsObject();
        }
        return followed;
    }
}
