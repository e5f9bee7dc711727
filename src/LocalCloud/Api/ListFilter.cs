using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>
/// The filter parameter of lists, in both of its dialects: <c>(name eq "back.*")(status ne DONE)</c> with regular expressions that match the whole value,
/// and <c>name = x AND labels.owner:* OR …</c> (https://google.aip.dev/160, as far as Compute Engine takes it).
/// </summary>
internal static partial class ListFilter
{
    /// <exception cref="ApiException">It is neither dialect.</exception>
    public static Func<JsonObject, bool> Parse(string filter)
    {
        var tokens = Tokens().Matches(filter).Select(m => m.Value).Where(t => !string.IsNullOrWhiteSpace(t)).ToList();
        var position = 0;
        var result = Or();
        return position == tokens.Count ? result : throw Bad();

        Func<JsonObject, bool> Or()
        {
            var left = And();
            while (Take("OR"))
            {
                var (first, second) = (left, And());
                left = item => first(item) || second(item);
            }
            return left;
        }

        Func<JsonObject, bool> And()
        {
            var left = Term();
            while (Take("AND") || (position < tokens.Count && tokens[position] is not (")" or "OR")))
            {
                var (first, second) = (left, Term());
                left = item => first(item) && second(item);
            }
            return left;
        }

        Func<JsonObject, bool> Term()
        {
            if (Take("NOT"))
            {
                var inner = Term();
                return item => !inner(item);
            }
            if (Take("("))
            {
                var inner = Or();
                return Take(")") ? inner : throw Bad();
            }
            if (position + 2 >= tokens.Count)
                throw Bad();
            var (field, comparison, value) = (tokens[position], tokens[position + 1], tokens[position + 2]);
            position += 3;
            return Comparison(field, comparison, value) ?? throw Bad();
        }

        bool Take(string token)
        {
            if (position >= tokens.Count || tokens[position] != token)
                return false;
            position++;
            return true;
        }

        ApiException Bad() => ApiException.Of(400, "invalid",
            $"Invalid value for field 'filter': '{filter}'. Must be expressions such as 'name = x' joined by AND and OR, or '(name eq \"regular expression\")'.");
    }

    private static Func<JsonObject, bool>? Comparison(string field, string comparison, string token)
    {
        var isQuoted = token.Length > 1 && token[0] is '"' or '\'';
        var value = isQuoted ? Escapes().Replace(token[1..^1], comparison is "eq" or "ne" ? "$0" : "${character}") : token;
        switch (comparison)
        {
            case "eq" or "ne":
                // RE2 and .NET agree on what clients send: literals, classes, \b and .*; the time limit guards against the rest.
                var pattern = new Regex($"^(?:{value.Replace("\\\"", "\"", StringComparison.Ordinal)})$", RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200));
                return item => Values(item, field).Any(v => pattern.IsMatch(v)) == (comparison == "eq");
            case "=" or "!=":
                var wildcard = new Regex($"^{Regex.Escape(value).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200));
                return item => Values(item, field).Any(v => wildcard.IsMatch(v)) == (comparison == "=");
            case ":":
                return item => Values(item, field).Any(v => value == "*" || v.Contains(value.Trim('*'), StringComparison.OrdinalIgnoreCase));
            case "<" or "<=" or ">" or ">=":
                return item => Values(item, field).Any(v => Compare(v, value) is var order && comparison switch
                {
                    "<" => order < 0,
                    "<=" => order <= 0,
                    ">" => order > 0,
                    _ => order >= 0,
                });
            default:
                return null;
        }
    }

    private static int Compare(string left, string right) =>
        double.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b) : string.CompareOrdinal(left, right);

    private static IEnumerable<string> Values(JsonObject item, string field)
    {
        IEnumerable<JsonNode?> nodes = [item];
        foreach (var member in field.Split('.'))
            nodes = nodes.SelectMany(n => n is JsonArray array ? array : (IEnumerable<JsonNode?>)[n]).Select(n => (n as JsonObject)?[member]).Where(n => n is not null);
        return nodes.SelectMany(n => n is JsonArray array ? array : (IEnumerable<JsonNode?>)[n]).Select(n => n?.GetValueKind() switch
        {
            JsonValueKind.String => n.GetValue<string>(),
            null or JsonValueKind.Object => "",
            _ => n.ToJsonString(),
        });
    }

    [GeneratedRegex("""[()]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|!=|<=|>=|[=<>:]|[^\s()=<>!:"']+|\s+""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();
}
