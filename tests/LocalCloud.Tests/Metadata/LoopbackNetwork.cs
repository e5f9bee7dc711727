using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Metadata;

/// <summary>
/// Stands where the kernel's networks do, on loopback: what would listen inside a network listens on a free port, and a client is the machine whose address it connects from.
/// The real networks are tested with the machines.
/// </summary>
internal sealed class LoopbackNetwork : IMachineHost
{
    private readonly Dictionary<int, int> _ports = [];

    public HostCapabilities Capabilities { get; } = new(MachineKind.Namespaces, null);

    public Socket Listen(string networkId, IPEndPoint endpoint, ProtocolType protocol = ProtocolType.Tcp)
    {
        var socket = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ports[endpoint.Port] = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    /// <summary>A client with a machine's address; every host name leads to Google's side of the network.</summary>
    public HttpMessageHandler ClientFrom(string address, SslOptions? tls = null) => new SocketsHttpHandler
    {
        SslOptions = tls?.Options ?? new(),
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, _ports[context.DnsEndPoint.Port], cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public Task ApplyNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveNetworkAsync(string networkId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IMachine> BootAsync(MachineSpec spec, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<IMachine>> AdoptAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Socket> ConnectAsync(string networkId, IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task PurgeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What a machine trusts.</summary>
internal sealed record SslOptions(System.Net.Security.SslClientAuthenticationOptions Options)
{
    public static SslOptions Trusting(string pem) => new(new System.Net.Security.SslClientAuthenticationOptions
    {
        CertificateChainPolicy = new()
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem) },
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        },
    });
}
