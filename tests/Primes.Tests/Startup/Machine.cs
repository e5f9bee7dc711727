using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Tests.Startup;

/// <summary>
/// Enough of a machine to run a startup script on this host as it is: a metadata server, a bucket behind TLS, and a systemctl that starts the unit's program.
/// The script's own curl is sent to them by its configuration file; only the script's folders and its port are others than on a machine.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private const string Token = "a-token-of-the-machine";

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("primes-script-");
    private readonly X509Certificate2 certificate = Certificate();
    private readonly byte[] program;
    private WebApplication google = null!;

    private Machine()
    {
        // The program of a test is a script that runs this build's assembly: a published file takes a minute to make.
        var assembly = typeof(Role).Assembly.Location;
        program = System.Text.Encoding.UTF8.GetBytes($"#!/bin/bash\nexec dotnet {assembly} \"$@\"\n");
        Attributes = new(StringComparer.Ordinal)
        {
            ["primes-bucket"] = "a-bucket",
            ["primes-object"] = "primes/some-hash/primes",
            ["primes-sha256"] = Convert.ToHexStringLower(SHA256.HashData(program)),
        };
    }

    internal ConcurrentDictionary<string, string> Attributes { get; }

    /// <summary>What was asked of metadata server and bucket: host and path.</summary>
    internal ConcurrentQueue<string> Requests { get; } = new();

    internal int Port { get; } = FreePort();

    internal string SystemctlCalls => Read("systemctl.log");

    internal static async Task<Machine> StartAsync()
    {
        var machine = new Machine();
        await machine.StartGoogleAsync();
        machine.WriteFiles();
        return machine;
    }

    internal Task<(int ExitCode, string Output)> BootAsync(string role)
    {
        foreach (var file in new[] { "machine", role })
        {
            File.WriteAllText(PathOf(file + ".sh"), File.ReadAllText(Scripts.PathOf(file))
                .Replace("/usr/local/lib/primes", PathOf("lib"), StringComparison.Ordinal)
                .Replace("/etc/systemd/system", PathOf("units"), StringComparison.Ordinal)
                .Replace("127.0.0.1/healthz", $"127.0.0.1:{Port}/healthz", StringComparison.Ordinal)
                .Replace("http://0.0.0.0:80", $"http://127.0.0.1:{Port}", StringComparison.Ordinal));
        }
        return Scripts.RunAsync("/bin/bash", [PathOf(role + ".sh")], new()
        {
            ["HOME"] = home.FullName,
            ["CURL_HOME"] = home.FullName,
            ["PATH"] = $"{PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(PathOf("pid")))
            await Scripts.RunAsync("/bin/bash", ["-c", $"kill -KILL {Read("pid").Trim()} || true"]);
        await google.DisposeAsync();
        certificate.Dispose();
        home.Delete(recursive: true);
    }

    private async Task StartGoogleAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate));
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        google = builder.Build();
        google.Run(AnswerAsync);
        await google.StartAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.Scheme}://{request.Host.Host}{request.Path}");
        const string attributes = "/computeMetadata/v1/instance/attributes/";
        var fromMetadata = !request.IsHttps && request.Headers["Metadata-Flavor"] == "Google";
        if (fromMetadata && request.Path.Value!.StartsWith(attributes, StringComparison.Ordinal) && Attributes.TryGetValue(request.Path.Value[attributes.Length..], out var value))
            await context.Response.WriteAsync(value);
        else if (fromMetadata && request.Path == "/computeMetadata/v1/instance/service-accounts/default/token")
            await context.Response.WriteAsync($$"""{"access_token":"{{Token}}","expires_in":3599,"token_type":"Bearer"}""");
        else if (request.IsHttps && request.Path == "/a-bucket/primes/some-hash/primes" && request.Headers.Authorization == $"Bearer {Token}")
            await context.Response.Body.WriteAsync(program);
        else
            context.Response.StatusCode = 404;
    }

    private void WriteFiles()
    {
        Directory.CreateDirectory(PathOf("bin"));
        Directory.CreateDirectory(PathOf("units"));
        File.WriteAllText(PathOf("ca.pem"), certificate.ExportCertificatePem());
        var plain = google.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == "http");
        var secure = google.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == "https");
        File.WriteAllText(
            PathOf(".curlrc"),
            $"connect-to = metadata.google.internal:80:127.0.0.1:{plain.Port}\nconnect-to = storage.googleapis.com:443:127.0.0.1:{secure.Port}\ncacert = {PathOf("ca.pem")}\nnoproxy = *\n");
        File.WriteAllText(
            PathOf("bin/systemctl"),
            $$"""
            #!/bin/bash
            # Starts the unit's program and keeps its process id: the least that the scripts need of systemctl.
            cd {{home.FullName}} || exit 1
            echo "$*" >>systemctl.log
            alive() { [[ -f pid ]] && kill -0 "$(<pid)" 2>/dev/null; }
            case $1 in
              is-active) if alive; then echo active; else echo inactive; exit 3; fi ;;
              restart)
                if alive; then kill -KILL "$(<pid)"; fi
                $(sed -n 's/^ExecStart=//p' units/primes.service) >program.log 2>&1 &
                echo $! >pid ;;
            esac

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf("bin/systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private string PathOf(string name) => Path.Combine(home.FullName, name);

    private string Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : "";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=storage.googleapis.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("storage.googleapis.com");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
