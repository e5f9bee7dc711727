using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>Values that only the server gives: ids, times, fingerprints.</summary>
internal static class ServerFields
{
    private static long _lastId;

    /// <summary>An id as the API shows them: a number of 19 digits, in a string. They grow, so that they order what was made in the same millisecond.</summary>
    public static string NewId()
    {
        // Nanoseconds since 1970: a server that goes on with an older one's documents gives greater ids than that did.
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100 + Random.Shared.Next(100);
        while (true)
        {
            var last = Interlocked.Read(ref _lastId);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _lastId, next, last) == last)
                return next.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>For example 2026-01-31T09:30:00.123+00:00.</summary>
    public static string Timestamp(TimeProvider time) => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    /// <summary>
    /// Eight bytes that change with the content, as clients send them back to prove that they saw the latest. They are in padded base64 with the
    /// alphabet for URLs: gcloud decodes a fingerprint and encodes it again in that alphabet.
    /// </summary>
    public static string Fingerprint(JsonNode? content) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content?.ToJsonString() ?? "")).AsSpan(0, 8)).Replace('+', '-').Replace('/', '_');

    /// <summary>The project's number: twelve digits that follow from its id.</summary>
    public static string ProjectNumber(string project)
    {
        var hash = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(project)));
        return (100_000_000_000 + (hash % 900_000_000_000)).ToString(CultureInfo.InvariantCulture);
    }
}
