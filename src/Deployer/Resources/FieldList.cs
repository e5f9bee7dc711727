using System.Security.Cryptography;
using System.Text;

namespace PrimeDeploy.Deployer;

/// <summary>
/// A message as the flat list of those fields that we set, in a form that can be compared: links without their base, lists sorted. The same
/// description of fields is applied to what is wanted and to what is there, so that what the server fills in by itself never counts as a
/// difference.
/// </summary>
internal sealed class FieldList
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>A hash of every field; the same fields always make the same one.</summary>
    public string Hash
    {
        get
        {
            var text = string.Join('\n', _values.Select(pair => $"{pair.Key}={pair.Value}"));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        }
    }

    /// <summary>Adds a field; one that is not set is left out.</summary>
    public FieldList Add(string field, object? value)
    {
        if (value?.ToString() is { Length: > 0 } text) _values[field] = value is bool ? text.ToLowerInvariant() : text;
        return this;
    }

    /// <summary>Adds a list whose order means nothing.</summary>
    public FieldList AddSet(string field, IEnumerable<string> values) =>
        Add(field, string.Join(", ", values.Order(StringComparer.Ordinal)));

    /// <summary>Adds a link to another resource: every base is the same.</summary>
    public FieldList AddLink(string field, string? link) => Add(field, link is null ? null : Link.WithoutBase(link));

    /// <summary>The fields that are wanted and are not so; what is set without being wanted is not looked at.</summary>
    public static IReadOnlyList<FieldDifference> Compare(FieldList actual, FieldList desired) =>
        [.. from pair in desired._values
            let found = actual._values.GetValueOrDefault(pair.Key)
            where found != pair.Value
            select new FieldDifference(pair.Key, found, pair.Value)];
}
