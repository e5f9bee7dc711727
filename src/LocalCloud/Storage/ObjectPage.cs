using System.Text;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>What a list request asks for (https://cloud.google.com/storage/docs/json_api/v1/objects/list).</summary>
internal sealed record ObjectQuery(
    string Prefix = "", string? Delimiter = null, string StartOffset = "", string? EndOffset = null,
    bool Versions = false, bool IncludeTrailingDelimiter = false, string? PageToken = null, int MaxResults = ObjectQuery.Limit)
{
    /// <summary>The service's own default and maximum.</summary>
    public const int Limit = 1000;

    /// <summary>Where the last page ended.</summary>
    public (string Name, long Generation)? Cursor { get; } = PageToken is { Length: > 0 } ? Decode(PageToken) : null;

    public string LowerBound => new[] { Prefix, StartOffset, Cursor?.Name ?? "" }.Max(StringComparer.Ordinal)!;

    // No object name has a line feed, so it can stand between name and generation.
    public static string Encode(string name, long generation) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}\n{generation}"));

    private static (string, long) Decode(string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('\n');
            return (parts[0], long.Parse(parts[1]));
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            throw StorageException.Invalid($"Invalid value for query parameter pageToken: '{token}'. Use the nextPageToken of the page before.");
        }
    }
}

/// <summary>One page: objects, and in place of those behind a delimiter the common beginnings of their names.</summary>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Items, IReadOnlyList<string> Prefixes, string? NextPageToken)
{
    // Behind every name that begins with a prefix: the cursor of a prefix has to skip them all.
    private const char Last = '\uffff';

    /// <param name="candidates">Ordered by name, then generation, from the query's lower bound on.</param>
    public static ObjectPage Of(IEnumerable<StoredObject> candidates, ObjectQuery query)
    {
        var items = new List<StoredObject>();
        var prefixes = new List<string>();
        var reached = ("", 0L);

        foreach (var candidate in candidates)
        {
            if (!candidate.Name.StartsWith(query.Prefix, StringComparison.Ordinal) || IsBehind(candidate.Name, query.EndOffset))
                break;
            if ((!query.Versions && !candidate.IsLive) || IsBefore(candidate, query.Cursor))
                continue;

            var common = CommonPrefix(candidate.Name, query);
            var isNewPrefix = common is not null && (prefixes.Count == 0 || prefixes[^1] != common);
            var isItem = common is null || (query.IncludeTrailingDelimiter && common.Length == candidate.Name.Length);
            if (!isNewPrefix && !isItem)
                continue;
            if (items.Count + prefixes.Count >= query.MaxResults)
                return new(items, prefixes, ObjectQuery.Encode(reached.Item1, reached.Item2));

            if (isNewPrefix)
                prefixes.Add(common!);
            if (isItem)
                items.Add(candidate);
            reached = common is null ? (candidate.Name, candidate.Generation) : (common + Last, 0);
        }

        return new(items, prefixes, null);
    }

    private static bool IsBehind(string name, string? end) => end is { Length: > 0 } && string.CompareOrdinal(name, end) >= 0;

    private static bool IsBefore(StoredObject candidate, (string Name, long Generation)? cursor) =>
        cursor is var (name, generation) && string.CompareOrdinal(candidate.Name, name) is var order && (order < 0 || (order == 0 && candidate.Generation <= generation));

    private static string? CommonPrefix(string name, ObjectQuery query)
    {
        if (query.Delimiter is not { Length: > 0 } delimiter)
            return null;
        var at = name.IndexOf(delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : name[..(at + delimiter.Length)];
    }
}
