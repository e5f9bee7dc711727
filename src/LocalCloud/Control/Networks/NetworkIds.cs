using System.Security.Cryptography;
using System.Text;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>Short names for kernel objects: a hash of the resource's name, so that nothing has to be remembered to find a network again.</summary>
internal static class NetworkIds
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>8 characters of [a-z0-9], always the same for the same network.</summary>
    public static string Of(ResourceName network)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(network.Path));
        return "n" + string.Concat(hash.Take(7).Select(b => Digits[b % Digits.Length]));
    }
}
