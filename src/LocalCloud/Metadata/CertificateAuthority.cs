using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// Signs the certificates under which the local cloud answers for Google's host names. One per state directory; only machines of that state directory trust it, the host never does.
/// </summary>
internal sealed class CertificateAuthority
{
    // Fixed, so that a driven clock makes no certificate invalid: machines look at the real one.
    private static readonly DateTimeOffset NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NotAfter = new(2049, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _authority;

    private CertificateAuthority(X509Certificate2 authority) => _authority = authority;

    /// <summary>The authority's certificate, without its key.</summary>
    public string Pem => _authority.ExportCertificatePem() + "\n";

    /// <summary>Reads the authority of a directory, or makes it.</summary>
    public static CertificateAuthority Open(string directory)
    {
        // Key and certificate in one file: there is no moment with only one of them.
        var pem = Encoding.ASCII.GetString(PrivateFile.ReadOrCreate(Path.Combine(directory, "authority.pem"), Create));
        return new(X509Certificate2.CreateFromPem(pem, pem));
    }

    /// <summary>A server certificate with its key.</summary>
    /// <param name="hosts">Host names; <c>*.</c> in front stands for one label.</param>
    public X509Certificate2 Issue(params IReadOnlyList<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1", "Server Authentication")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var signed = request.Create(_authority, NotBefore, NotAfter, RandomNumberGenerator.GetBytes(16));
        using var withKey = signed.CopyWithPrivateKey(key);
        // Through PKCS #12, because Windows' TLS takes no key that was never stored.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    private static byte[] Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=PrimeDeploy local cloud, O=PrimeDeploy", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(NotBefore, NotAfter);
        return Encoding.ASCII.GetBytes($"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
