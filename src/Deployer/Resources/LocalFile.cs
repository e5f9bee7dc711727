using System.Security.Cryptography;

namespace PrimeDeploy.Deployer;

/// <summary>A file of this machine that is to be in the bucket.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Its hash, in lower-case hex.</param>
internal sealed record LocalFile(string Path, long Length, string Sha256)
{
    public static LocalFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return new(path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
