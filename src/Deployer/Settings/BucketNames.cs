using System.Security.Cryptography;
using System.Text;

namespace PrimeDeploy.Deployer;

internal static class BucketNames
{
    /// <summary>Bucket names have 3 to 63 characters (https://cloud.google.com/storage/docs/buckets#naming).</summary>
    public const int Longest = 63;

    /// <summary>
    /// The project's id is unique in the world and so keeps the bucket's name unique; a hash stands for what does not fit.
    /// </summary>
    public static string Derive(string project, string deployment)
    {
        // A domain-scoped project is written example.com:project; neither sign is wanted in a bucket's name.
        var name = $"{project.Replace(':', '-').Replace('.', '-')}-primedeploy-{deployment}";
        if (name.Length <= Longest) return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        return $"{name[..(Longest - 9)].TrimEnd('-')}-{hash}";
    }
}
