using System.Text.Json;

namespace PrimeDeploy.Reporting;

/// <summary>
/// The secrets that a run was given by its environment. What goes to a summary, a comment or a log is cleaned of them first: they have no
/// business there, but a message of somebody else's may repeat one.
/// </summary>
/// <param name="values">The secrets; longer ones are replaced first.</param>
public sealed class Secrets(IEnumerable<string> values)
{
    /// <summary>A shorter value is a word that stands in many texts.</summary>
    private const int ShortestSecret = 8;

    private static readonly string[] Endings = ["TOKEN", "SECRET", "PASSWORD", "API_KEY", "ACCESSTOKEN"];

    private static readonly string[] CredentialFields = ["private_key", "private_key_id", "refresh_token", "client_secret"];

    /// <summary>Every secret once, the longest first.</summary>
    public IReadOnlyList<string> Values { get; } =
        [.. values.Where(value => value.Length >= ShortestSecret).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];

    /// <summary>Finds them by the names of variables, and in the file that Google's libraries read their credentials from.</summary>
    /// <param name="environment">The variables.</param>
    public static Secrets Of(IReadOnlyDictionary<string, string> environment) => new([
        .. environment.Where(variable => Endings.Any(ending => variable.Key.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            .Select(variable => variable.Value),
        .. environment.TryGetValue("GOOGLE_APPLICATION_CREDENTIALS", out var file) ? InFile(file) : []]);

    /// <summary>The text with stars in place of secrets.</summary>
    public string Redact(string text) => Values.Aggregate(text, (rest, secret) => rest.Replace(secret, "***", StringComparison.Ordinal));

    private static List<string> InFile(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.ValueKind is not JsonValueKind.Object ? [] :
                [.. document.RootElement.EnumerateObject()
                    .Where(field => CredentialFields.Contains(field.Name) && field.Value.ValueKind is JsonValueKind.String)
                    .Select(field => field.Value.GetString()!)];
        }
        // Google's library says what is wrong with the file, when it needs it.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            return [];
        }
    }
}
