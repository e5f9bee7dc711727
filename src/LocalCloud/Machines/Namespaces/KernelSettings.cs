using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>Settings of the network namespace that the calling thread is in; the host's own are another namespace's and stay as they are.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelSettings
{
    /// <summary>A router that forwards, judges by nftables alone, and speaks IPv4 only, so that nothing passes the firewall by another protocol.</summary>
    public static void MakeRouter()
    {
        IgnoreIPv6();
        Set("ipv4/ip_forward", "1");
        // A refusal ("no such port") that is withheld costs the asker its whole time-out, 5 s for a host name.
        Set("ipv4/icmp_ratelimit", "0");
        foreach (var scope in new[] { "all", "default" })
        {
            Set($"ipv4/conf/{scope}/rp_filter", "0");
            Set($"ipv4/conf/{scope}/send_redirects", "0");
        }
    }

    /// <summary>No IPv6 on links that are made from now on.</summary>
    public static void IgnoreIPv6()
    {
        if (Directory.Exists("/proc/sys/net/ipv6"))
            Set("ipv6/conf/default/disable_ipv6", "1");
    }

    private static void Set(string name, string value) => File.WriteAllText("/proc/sys/net/" + name, value);
}
