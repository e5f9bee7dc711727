using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>A machine host with a state directory of its own, one network, and a metadata server that has a startup script for every machine.</summary>
internal sealed class MachineLab : IAsyncDisposable
{
    public const string NetworkId = "net1";

    /// <summary>Answers every line of a connection with: own name, the client's address, the address that the client asked.</summary>
    public const string EchoServer = """
        #!/bin/bash
        exec perl -MIO::Socket::INET -e '
          my $listener = IO::Socket::INET->new(LocalPort => 80, Listen => 128, ReuseAddr => 1) or die "cannot listen: $!";
          $| = 1; $SIG{CHLD} = "IGNORE"; my $name = $ENV{HOSTNAME} || `cat /etc/hostname`; chomp $name;
          print "listening\n";
          while (my $client = $listener->accept) {
            next if fork;
            while (<$client>) { print $client "$name ", $client->peerhost, " ", $client->sockhost, "\n"; }
            exit;
          }'
        """;

    /// <summary>The authority that all machines of the labs trust.</summary>
    public static readonly X509Certificate2 AuthorityCertificate = MakeAuthority();

    private readonly ConcurrentDictionary<string, string> _scripts = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new(TimeSpan.FromMinutes(5));

    private readonly MachineInit _init;

    private MachineLab(string state, IMachineHost host, MachineInit init)
    {
        State = state;
        Host = host;
        _init = init;
    }

    public string State { get; }

    public IMachineHost Host { get; private set; }

    public NetworkPlan Plan { get; private set; } = new(NetworkId, [IPAddress.Parse("10.138.0.1")], [], [], []);

    /// <summary>What was booted, by id.</summary>
    public ConcurrentDictionary<string, IMachine> Machines { get; } = new(StringComparer.Ordinal);

    public CancellationToken Deadline => _closing.Token;

    public static async Task<MachineLab> OpenAsync(MachineInit init = MachineInit.Light)
    {
        var state = Directory.CreateTempSubdirectory("machines-").FullName;
        var lab = new MachineLab(state, await OpenHostAsync(state, init), init);
        await lab.ApplyAsync(lab.Plan);
        lab.ServeMetadata();
        return lab;
    }

    public static FirewallRule Rule(string name, bool allow, string source, int port, params string[]? machines) =>
        new(name, Direction.Ingress, allow, machines is { Length: 0 } ? null : machines, [IPNetwork.Parse(source)], [new ProtocolPorts("tcp", [new PortRange(port, port)])]);

    public Task ApplyAsync(NetworkPlan plan) => Host.ApplyNetworkAsync(Plan = plan, Deadline);

    /// <summary>Boots a machine with id, name and last byte of the address from <paramref name="number"/>.</summary>
    public async Task<IMachine> BootAsync(int number, string script = "", bool waitUntilListening = false, long memoryBytes = 1L << 30, double cpus = 1)
    {
        var spec = Spec(number) with { MemoryBytes = memoryBytes, Cpus = cpus };
        _scripts[spec.Address.ToString()] = script;
        if (Plan.Ports.All(port => port.MachineId != spec.Id))
            await ApplyAsync(Plan with { Ports = [.. Plan.Ports, new MachinePort(spec.Id, spec.Address, GoogleAccess: false, [])] });
        var machine = Machines[spec.Id] = await Host.BootAsync(spec, Deadline);
        if (waitUntilListening)
            await WaitForSerialAsync(machine, "listening");
        return machine;
    }

    public static MachineSpec Spec(int number) => new(
        $"vm{number}", $"machine{number}", "us-west1-b.c.lab.internal", NetworkId, IPAddress.Parse($"10.138.0.{number}"), IPAddress.Parse("10.138.0.1"), AuthorityCertificate.ExportCertificatePem(),
        MemoryBytes: 1L << 30, Cpus: 1);

    /// <summary>Waits until the machine has written a text to its serial port.</summary>
    public async Task<string> WaitForSerialAsync(IMachine machine, string text, long start = 0)
    {
        while (true)
        {
            var serial = machine.ReadSerial(start).Contents;
            if (serial.Contains(text, StringComparison.Ordinal))
                return serial;
            if (Deadline.IsCancellationRequested)
                throw new TimeoutException($"\"{text}\" did not appear on the serial port:\n{serial}");
            await Task.Delay(10);
        }
    }

    /// <summary>One line to port 80 and one back; null when nothing answers within the time.</summary>
    public async Task<string?> AskAsync(string source, string destination, string? machineId = null, int milliseconds = 700)
    {
        using var patience = new CancellationTokenSource(milliseconds);
        try
        {
            using var socket = await Host.ConnectAsync(NetworkId, IPAddress.Parse(source), new IPEndPoint(IPAddress.Parse(destination), 80), machineId, patience.Token);
            await socket.SendAsync("?\n"u8.ToArray(), patience.Token);
            var buffer = new byte[200];
            var length = await socket.ReceiveAsync(buffer, patience.Token);
            return Encoding.UTF8.GetString(buffer, 0, length).TrimEnd();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Runs a script on the machine and returns what it prints, without the last line break.</summary>
    public async Task<string> RunAsync(IMachine machine, string script)
    {
        var result = await machine.RunAsync(["/bin/bash", "-c", script], Deadline);
        return (result.Output + result.Error).TrimEnd();
    }

    /// <summary>As after a crash of the server: a second host on the same state, the first one forgotten.</summary>
    /// <param name="init">What the second one boots with; null for the same.</param>
    public async Task ReplaceHostAsync(MachineInit? init = null)
    {
        await Host.DisposeAsync();
        Host = await OpenHostAsync(State, init ?? _init);
    }

    /// <summary>As after a crash of the server that nobody starts again: the machines run on, and <see cref="State"/> stays.</summary>
    public async Task AbandonAsync()
    {
        await Host.DisposeAsync();
        await _closing.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.PurgeAsync(CancellationToken.None);
        await Host.DisposeAsync();
        await _closing.CancelAsync();
        _closing.Dispose();
        Directory.Delete(State, recursive: true);
    }

    private void ServeMetadata()
    {
        var listener = Host.Listen(NetworkId, new IPEndPoint(IPAddress.Parse("169.254.169.254"), 80));
        _ = Task.Run(async () =>
        {
            using (listener)
            {
                while (!_closing.IsCancellationRequested)
                {
                    using var client = await listener.AcceptAsync(_closing.Token);
                    await using var stream = new System.Net.Sockets.NetworkStream(client);
                    using var reader = new StreamReader(stream);
                    while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 } request)
                    {
                        while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 })
                        {
                            // Headers.
                        }

                        var caller = ((IPEndPoint)client.RemoteEndPoint!).Address.ToString();
                        var found = request.Contains("/instance/attributes/startup-script ", StringComparison.Ordinal) && _scripts.TryGetValue(caller, out var script) && script.Length > 0
                            ? _scripts[caller] : null;
                        var head = $"HTTP/1.1 {(found is null ? "404 Not Found" : "200 OK")}\r\nMetadata-Flavor: Google\r\nContent-Length: {Encoding.UTF8.GetByteCount(found ?? "")}\r\n\r\n";
                        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + found), _closing.Token);
                    }
                }
            }
        });
    }

    private static Task<IMachineHost> OpenHostAsync(string state, MachineInit init) =>
        MachineHost.OpenAsync(state, MachineMode.Namespaces, init, TimeProvider.System, CancellationToken.None);

    private static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Machine Lab Authority, O=Tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }
}
