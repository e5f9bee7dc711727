using System.Net;
using System.Security.Cryptography;
using System.Text;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Networks;

/// <summary>
/// External addresses are loopback addresses of the host, 127.x.y.1 to 127.x.y.254. x.y follows from the state directory, so that two local clouds on one host
/// do not get in each other's way; 127.0 is left to everybody else.
/// </summary>
internal sealed class ExternalAddresses
{
    private readonly byte _second;
    private readonly byte _third;

    public ExternalAddresses(string stateDirectory)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(stateDirectory)));
        _second = (byte)(16 + (hash[0] % 224));
        _third = hash[1];
    }

    /// <summary>The instance that has an address; null when none has.</summary>
    public static ResourceName? UserOf(DocumentStore store, string address) => store.List("instances")
        .Where(i => i.Json.Objects("networkInterfaces").SelectMany(nic => nic.Objects("accessConfigs")).Any(config => config.Text("natIP") == address))
        .Select(i => (ResourceName?)i.Name).FirstOrDefault();

    /// <summary>The reservation of an external address in a region; null when it is not reserved there.</summary>
    public static ResourceName? ReservationOf(DocumentStore store, string? region, string address) => store.List("addresses")
        .Where(a => a.Name.Region == region && a.Json.Text("addressType") == "EXTERNAL" && a.Json.Text("address") == address)
        .Select(a => (ResourceName?)a.Name).FirstOrDefault();

    /// <summary>The lowest address that no instance has and nobody has reserved; null when all are taken.</summary>
    public IPAddress? Allocate(DocumentStore store)
    {
        var taken = store.List("instances")
            .SelectMany(i => i.Json.Objects("networkInterfaces"))
            .SelectMany(nic => nic.Objects("accessConfigs"))
            .Select(config => config.Text("natIP"))
            .Concat(store.List("addresses").Select(a => a.Json.Text("address")))
            .ToHashSet(StringComparer.Ordinal);
        for (byte last = 1; last < 255; last++)
        {
            var candidate = new IPAddress([127, _second, _third, last]);
            if (!taken.Contains(candidate.ToString()))
                return candidate;
        }
        return null;
    }
}
