using System.Text.RegularExpressions;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Which part of an upload a request carries, from its Content-Range.</summary>
/// <param name="First">Offset of the first byte; null when the request carries none and asks how far the upload is.</param>
/// <param name="Last">Offset of the last byte; null when that is wherever the body ends.</param>
/// <param name="Total">Size of the whole; null while the client does not know.</param>
/// <param name="IsWhole">The request has no Content-Range: its body is everything.</param>
internal sealed partial record UploadRange(long? First, long? Last, long? Total, bool IsWhole = false)
{
    /// <exception cref="StorageException">400: it cannot be read.</exception>
    public static UploadRange Of(string? contentRange, long? contentLength)
    {
        if (string.IsNullOrEmpty(contentRange))
            return new(0, null, contentLength, IsWhole: true);
        if (Pattern().Match(contentRange) is not { Success: true } match)
            throw StorageException.Invalid($"Invalid Content-Range: '{contentRange}'. Allowed are 'bytes 0-99/200', 'bytes 0-99/*', 'bytes */200' and 'bytes */*'.");
        return new(Number("first"), Number("last"), Number("total"));

        long? Number(string group) => long.TryParse(match.Groups[group].ValueSpan, out var value) ? value : null;
    }

    [GeneratedRegex(@"^bytes[ =](?:(?<first>\d{1,18})-(?<last>\d{1,18})|\*)/(?:(?<total>\d{1,18})|\*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
