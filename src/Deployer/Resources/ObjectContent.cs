using System.Security.Cryptography;

namespace PrimeDeploy.Deployer;

/// <summary>What an object of the bucket is to hold.</summary>
/// <param name="Open">Gives it to be read from its beginning.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Its hash, in lower-case hex.</param>
internal sealed record ObjectContent(Func<Stream> Open, long Length, string Sha256)
{
    /// <summary>A file, which is not held in memory.</summary>
    public static ObjectContent OfFile(string path) => Read(() => File.OpenRead(path));

    public static ObjectContent Of(byte[] bytes) => Read(() => new MemoryStream(bytes, writable: false));

    private static ObjectContent Read(Func<Stream> open)
    {
        using var stream = open();
        return new(open, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
