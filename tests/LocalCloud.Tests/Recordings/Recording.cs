using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Recordings;

/// <summary>One request with the answer that was recorded for it.</summary>
/// <param name="Url">Without the host; placeholders such as ${projectId} are still in it.</param>
internal sealed record Exchange(string Method, string Url, JsonObject? Body, int Status, JsonObject? Answer)
{
    /// <summary>The URL without its query.</summary>
    public string Path => Url.Split('?')[0];
}

/// <summary>A recorded conversation with Compute Engine.</summary>
internal static partial class Recording
{
    private const string Host = "https://compute.googleapis.com";

    /// <summary>Where the recordings are: shared/gcp-recordings beside the checkout, or beside a folder above it; null when they are not there.</summary>
    public static string? Folder { get; } = Ancestors(AppContext.BaseDirectory)
        .Select(folder => System.IO.Path.Combine(folder, "shared", "gcp-recordings")).FirstOrDefault(Directory.Exists);

    /// <summary>The exchanges of a file, in order, without those that cannot be meant as they are written.</summary>
    public static IReadOnlyList<Exchange> Read(string name)
    {
        var exchanges = Blocks().Split(File.ReadAllText(System.IO.Path.Combine(Folder!, $"{name}.http.log")))
            .Select(Parse).OfType<Exchange>().ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. exchanges.Where(e => !Contradicts(e, seen))];
    }

    /// <summary>
    /// The recordings were normalised, which gave different names one placeholder. What is not found between its creation and its deletion was another
    /// resource then: no server could answer both as recorded.
    /// </summary>
    private static bool Contradicts(Exchange exchange, HashSet<string> existing)
    {
        if (exchange is { Method: "POST", Status: 200 } && exchange.Body?.Text("name") is { } name)
            existing.Add($"{exchange.Path}/{name}");
        if (exchange is { Method: "DELETE", Status: 200 })
            existing.Remove(exchange.Path);
        return exchange is { Method: "GET", Status: 404 } && existing.Contains(exchange.Path);
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            yield return current.FullName;
    }

    private static Exchange? Parse(string block)
    {
        var text = block.Trim('\n');
        if (StatusLine().Match(text) is not { Success: true } status || !text.Contains(Host, StringComparison.Ordinal))
            return null;
        var request = text[..status.Index];
        var first = request.Split('\n')[0].Split(' ', 2);
        return new Exchange(first[0], first[1].Trim().Replace(Host, "", StringComparison.Ordinal), BodyOf(request),
            int.Parse(status.Groups["code"].Value, CultureInfo.InvariantCulture), BodyOf(text[status.Index..]));
    }

    private static JsonObject? BodyOf(string part)
    {
        var pieces = part.Trim('\n').Split("\n\n", 2);
        return pieces.Length == 2 && pieces[1].TrimStart().StartsWith('{') ? JsonSerializer.Deserialize<JsonObject>(pieces[1]) : null;
    }

    [GeneratedRegex(@"^---\s*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^(?<code>\d{3}) [A-Z].*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex StatusLine();
}
