using System.Text.RegularExpressions;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>Which part of an upload a request carries, from its Content-Range.</summary>
/// <param name="First">Offset of the first byte; null when the request carries none and asks how far the upload is.</param>
/// <param name="Last">Offset of the last byte; null when that is wherever the body ends.</param>
/// <param name="Total">Size of the whole; null while the client does not know.</param>
/// <param name="EndsUpload">Where the body ends, the upload ends.</param>
internal sealed partial record UploadRange(long? First, long? Last, long? Total, bool EndsUpload = false)
{
    /// <exception cref="StorageException">400: it cannot be read.</exception>
    public static UploadRange Of(string? contentRange, long? contentLength)
    {
        if (string.IsNullOrEmpty(contentRange))
            return new(0, null, contentLength, EndsUpload: true);
        if (Pattern().Match(contentRange) is not { Success: true } match)
            throw StorageException.Invalid($"Invalid Content-Range: '{contentRange}'. Allowed are 'bytes 0-99/200', 'bytes 0-99/*', 'bytes 0-*/200', 'bytes 0-*/*', 'bytes */200' and 'bytes */*'.");
        var (first, last, total) = (Number("first"), Number("last"), Number("total"));
        return new(first, last, total, EndsUpload: first is not null && last is null && total is null);

        long? Number(string group) => long.TryParse(match.Groups[group].ValueSpan, out var value) ? value : null;
    }

    [GeneratedRegex(@"^bytes[ =](?:(?<first>\d{1,18})-(?:(?<last>\d{1,18})|\*)|\*)/(?:(?<total>\d{1,18})|\*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
