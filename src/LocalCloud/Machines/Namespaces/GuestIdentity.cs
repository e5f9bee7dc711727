using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>The files that make a machine this machine: its names, its name resolution, whom it trusts.</summary>
[SupportedOSPlatform("linux")]
internal static class GuestIdentity
{
    /// <summary>Where systems keep all trusted authorities in one file (Debian, Red Hat).</summary>
    private static readonly string[] TrustBundles = ["ssl/certs/ca-certificates.crt", "pki/tls/certs/ca-bundle.crt"];

    /// <param name="spec">The machine.</param>
    /// <param name="seed">Where the machine's <c>etc</c> and <c>usr</c> are.</param>
    public static void Write(MachineSpec spec, string seed)
    {
        var (etc, usr) = (Path.Combine(seed, "etc"), Path.Combine(seed, "usr"));
        FileTree.Write(Path.Combine(etc, "hostname"), spec.HostName + "\n");
        FileTree.Write(Path.Combine(etc, "hosts"), $"""
            127.0.0.1 localhost
            ::1 localhost ip6-localhost ip6-loopback
            {spec.Address} {spec.HostName}.{spec.DomainName} {spec.HostName}
            {GoogleAddresses.Metadata} metadata.google.internal metadata
            {GoogleAddresses.PrivateApi} {string.Join(' ', GoogleAddresses.ApiHosts)}

            """);
        FileTree.Write(Path.Combine(etc, "resolv.conf"), $"search {spec.DomainName} google.internal\nnameserver {GoogleAddresses.Metadata}\n");
        FileTree.Write(Path.Combine(etc, "machine-id"), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.Id)))[..32] + "\n");
        Trust(spec.CertificateAuthority, etc, usr);
    }

    private static void Trust(string certificateAuthority, string etc, string usr)
    {
        var authority = certificateAuthority.Trim() + "\n";
        FileTree.Write(Path.Combine(usr, "local/share/ca-certificates/google-apis.crt"), authority);
        foreach (var bundle in TrustBundles)
        {
            var stock = Path.Combine("/etc", bundle);
            if (File.Exists(stock))
                FileTree.Write(Path.Combine(etc, bundle), File.ReadAllText(stock).TrimEnd() + "\n" + authority);
        }

        // Programs that look a certificate up by its subject (Python, .NET) find it under the subject's hash.
        using var certificate = X509Certificate2.CreateFromPem(authority);
        FileTree.Write(Path.Combine(etc, $"ssl/certs/{SubjectHash.Of(certificate.SubjectName)}.0"), authority);
    }
}
