using System.Net;
using System.Net.Sockets;

namespace PrimeDeploy.LocalCloud.Machines;

/// <summary>
/// The only door to the kernel: boots machines and wires their networks. It knows nothing of Compute Engine's documents;
/// the control loops hand it complete descriptions and it makes the kernel agree with them.
/// </summary>
internal interface IMachineHost : IAsyncDisposable
{
    /// <summary>What this host can do, found out once at start.</summary>
    HostCapabilities Capabilities { get; }

    /// <summary>Makes the network, or changes it, until it is exactly as described. Firewall and load balancers change in one atomic step.</summary>
    Task ApplyNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken);

    /// <summary>Removes the network with everything in it. No machine may be left on it. Succeeds when it is not there.</summary>
    Task RemoveNetworkAsync(string networkId, CancellationToken cancellationToken);

    /// <summary>Boots a machine on a network that was applied before; returns as soon as its init runs.</summary>
    /// <exception cref="MachineHostException">The kernel refused; the message says what and why.</exception>
    Task<IMachine> BootAsync(MachineSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// The machines of this state directory that an earlier server process made. Those that do not run any more are returned too, with
    /// <see cref="IMachine.Exited"/> completed: their file system and serial log are kept, and <see cref="BootAsync"/> with their id boots them again.
    /// What is half there is cleaned up and not returned.
    /// </summary>
    Task<IReadOnlyList<IMachine>> AdoptAsync(CancellationToken cancellationToken);

    /// <summary>Listens inside the network, on an address of Google's side of it (metadata server, names, Cloud Storage).</summary>
    /// <param name="networkId">The network.</param>
    /// <param name="endpoint">Address and port.</param>
    /// <param name="protocol">TCP, or UDP: then the socket is bound, and takes datagrams.</param>
    Socket Listen(string networkId, IPEndPoint endpoint, ProtocolType protocol = ProtocolType.Tcp);

    /// <summary>
    /// Opens a TCP connection from <paramref name="source"/>, an address of Google's side or of the internet, into the network. The firewall judges it like any other packet.
    /// </summary>
    /// <param name="networkId">The network.</param>
    /// <param name="source">For example 35.191.0.1 for a health-check prober, or an internet address.</param>
    /// <param name="destination">A machine's address, or a load balancer's.</param>
    /// <param name="machineId">The machine that must get the packets whatever the destination address is, as a health-check prober needs for a load balancer's address; null to go where the network sends it.</param>
    /// <param name="cancellationToken">Ends the attempt; a dropped packet gives no other answer.</param>
    Task<Socket> ConnectAsync(string networkId, IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken);

    /// <summary>Removes every namespace, mount, process and file that this state directory made, also what a crashed server left. The host is of no use afterwards.</summary>
    Task PurgeAsync(CancellationToken cancellationToken);
}

/// <summary>A machine that was booted. Its end is an event, not something to poll for.</summary>
internal interface IMachine
{
    string Id { get; }

    /// <summary>Completes when the machine is gone, for whatever reason: asked to stop, killed, powered off from inside, or rebooting.</summary>
    Task<MachineExit> Exited { get; }

    /// <summary>What the machine wrote to its serial port 1, across boots, as far as it is kept (1 MiB). <see cref="SerialOutput.Next"/> continues it.</summary>
    SerialOutput ReadSerial(long start);

    /// <summary>Asks init to power off and kills what is left after <paramref name="grace"/>. Returns when nothing of the machine runs any more.</summary>
    Task StopAsync(TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Stops without grace if it still runs, and removes its file system and serial log.</summary>
    Task DestroyAsync(CancellationToken cancellationToken);

    /// <summary>What root has to run on this host, followed by a command, to have that run on the machine with the caller's own terminal; null when nothing can run there.</summary>
    IReadOnlyList<string>? WayIn => null;

    /// <summary>Runs a command on the machine as root and collects what it prints.</summary>
    Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken);
}

internal enum MachineExit { PoweredOff, Rebooting, Killed }

/// <param name="Kind">namespaces or simulated.</param>
/// <param name="WhyNot">Why machines are only simulated, in one sentence with what to do about it; null when they are real.</param>
internal sealed record HostCapabilities(MachineKind Kind, string? WhyNot)
{
    /// <summary>What real machines are not limited in on this host, each in a sentence that says why; empty when in everything.</summary>
    public IReadOnlyList<string> Unlimited { get; init; } = [];
}

internal enum MachineKind { Namespaces, Simulated }

/// <param name="Id">Unique for the life of the server's state directory, at most 12 characters of [a-z0-9]; it names kernel objects.</param>
/// <param name="HostName">Short host name (the instance's name).</param>
/// <param name="DomainName">For example us-west1-b.c.my-project.internal; the fully qualified name is HostName.DomainName.</param>
/// <param name="NetworkId">The network that was applied, with this machine among its ports.</param>
/// <param name="Address">Its internal IPv4 address, a /32.</param>
/// <param name="Gateway">The router's address in the machine's subnet.</param>
/// <param name="CertificateAuthority">PEM of the authority that the machine trusts for Google's host names.</param>
/// <param name="MemoryBytes">Limit from the machine type, or null for none.</param>
/// <param name="Cpus">Limit from the machine type (0.25 for a quarter), or null for none.</param>
internal sealed record MachineSpec(
    string Id, string HostName, string DomainName, string NetworkId, IPAddress Address, IPAddress Gateway,
    string CertificateAuthority, long? MemoryBytes = null, double? Cpus = null);

/// <param name="Start">Offset of the first byte of <paramref name="Contents"/>; larger than what was asked for when older bytes were discarded.</param>
/// <param name="Next">Offset to ask for next.</param>
internal sealed record SerialOutput(long Start, string Contents, long Next);

internal sealed record CommandResult(int ExitCode, string Output, string Error);

internal sealed class MachineHostException(string message, Exception? inner = null) : Exception(message, inner);
