using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>How Cloud Storage writes numbers, times and entity tags, and how it merges.</summary>
internal static class JsonFields
{
    /// <summary>A whole number; 0 when there is none.</summary>
    public static long Long(this JsonObject json, string name) => json.Integer(name) ?? 0;

    public static string Wire(this long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Wire(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 7396: objects are merged, null removes, everything else replaces. Members in <paramref name="readOnly"/> of the top level are left alone.</summary>
    public static void Merge(this JsonObject target, JsonObject patch, IReadOnlySet<string>? readOnly = null)
    {
        foreach (var (name, value) in patch)
        {
            if (readOnly?.Contains(name) == true)
                continue;
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner)
                target.Ensure(name).Merge(inner);
            else
                target[name] = value.DeepClone();
        }
    }

    /// <summary>An entity tag in the form of the service's own: two variable-length numbers, generation and metageneration.</summary>
    public static string EntityTag(long? generation, long metageneration)
    {
        Span<byte> bytes = stackalloc byte[24];
        var length = 0;
        if (generation is { } value)
            Append(bytes, ref length, 0x08, value);
        Append(bytes, ref length, generation is null ? (byte)0x08 : (byte)0x10, metageneration);
        return Convert.ToBase64String(bytes[..length]);

        static void Append(Span<byte> bytes, ref int length, byte tag, long value)
        {
            bytes[length++] = tag;
            for (var rest = (ulong)value; ; rest >>= 7)
            {
                bytes[length++] = (byte)(rest < 0x80 ? rest : (rest & 0x7F) | 0x80);
                if (rest < 0x80)
                    return;
            }
        }
    }
}
