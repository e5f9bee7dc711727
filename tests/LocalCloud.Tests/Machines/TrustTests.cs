using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class TrustTests
{
    // `openssl x509 -subject_hash` of these subjects.
    [Theory]
    [InlineData("CN=PrimeDeploy local authority, O=PrimeDeploy", "786dc37a")]
    [InlineData("CN=\"  Two   Blanks ÄÖ\"", "e3e14970")]
    public void The_subject_hash_is_that_of_OpenSSL(string subject, string expected) =>
        Assert.Equal(expected, SubjectHash.Of(new X500DistinguishedName(subject)));

    [NamespacesFact]
    public async Task Programs_on_the_machine_trust_Googles_host_names_by_the_authority_of_the_machine()
    {
        await using var lab = await MachineLab.OpenAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=storage.googleapis.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("storage.googleapis.com");
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(MachineLab.AuthorityCertificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        using var certificate = X509CertificateLoader.LoadPkcs12(issued.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
        var machine = await lab.BootAsync(2);
        await lab.ApplyAsync(lab.Plan with { Ports = [lab.Plan.Ports[0] with { GoogleAccess = true }] });
        using var listener = lab.Host.Listen(MachineLab.NetworkId, new IPEndPoint(IPAddress.Parse("199.36.153.8"), 443));
        var serving = ServeAsync(listener, certificate, lab.Deadline);

        Assert.Equal("hello", await lab.RunAsync(machine, "curl -sS https://storage.googleapis.com/"));
        var python = await lab.RunAsync(machine, "command -v python3 >/dev/null || echo none; python3 -c 'import urllib.request as u; print(u.urlopen(\"https://storage.googleapis.com/\").read().decode())'");
        Assert.Contains(python, (string[])["hello", "none"]);
        Assert.False(serving.IsCompleted);
    }

    private static async Task ServeAsync(Socket listener, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = await listener.AcceptAsync(cancellationToken);
            await using var stream = new SslStream(new NetworkStream(client));
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
            _ = await stream.ReadAsync(new byte[4096], cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8.ToArray(), cancellationToken);
        }
    }
}
