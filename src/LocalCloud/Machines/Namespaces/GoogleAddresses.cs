namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Addresses on the router that are not machines': Google's side of the network, and an internet to come from.</summary>
internal static class GoogleAddresses
{
    /// <summary>Metadata server, <see href="https://cloud.google.com/compute/docs/metadata/overview"/>.</summary>
    public const string Metadata = "169.254.169.254";

    /// <summary>private.googleapis.com, <see href="https://cloud.google.com/vpc/docs/configure-private-google-access"/>.</summary>
    public const string PrivateApis = "199.36.153.8/30";

    /// <summary>The address of <see cref="PrivateApis"/> that machines resolve Google's host names to.</summary>
    public const string PrivateApi = "199.36.153.8";

    /// <summary>Health-check probers, <see href="https://cloud.google.com/load-balancing/docs/firewall-rules"/>.</summary>
    public static readonly IReadOnlyList<string> Probers = ["35.191.0.0/16", "130.211.0.0/22"];

    /// <summary>Ranges that no real host has (RFC 5737, RFC 2544): sources of what comes from the internet.</summary>
    public static readonly IReadOnlyList<string> Internet = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15"];

    /// <summary>Host names that machines find at <see cref="PrivateApi"/>.</summary>
    public static readonly IReadOnlyList<string> ApiHosts =
        ["storage.googleapis.com", "www.googleapis.com", "compute.googleapis.com", "oauth2.googleapis.com", "private.googleapis.com"];
}
