using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.External;

/// <summary>
/// Lets the host's browser be "the internet": listens on the machines' external addresses and passes every connection on into the network
/// from an internet address, so that the network's firewall decides.
/// </summary>
internal sealed class ExternalAccess(DocumentStore store, IMachineHost host, TimeProvider time, ILogger<ExternalAccess> logger)
    : ControlLoop(store, time, logger)
{
    /// <summary>Who connects, as the machines see it: 203.0.113.0/24 is reserved for documentation (RFC 5737) and nobody's.</summary>
    public static IPAddress Client { get; } = new([203, 0, 113, 1]);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ExternalEndpoint, ExternalListener> _listeners = [];
    private readonly HashSet<ExternalEndpoint> _refused = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var listener in _listeners.Values)
            await listener.DisposeAsync();
    }

    protected override async Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        if (host.Capabilities.Kind == MachineKind.Simulated)
            return null; // Nothing would answer.
        var wanted = ExternalEndpoint.AllOf(ComputeSnapshot.Of(Store), Client);
        foreach (var gone in _listeners.Keys.Where(e => !wanted.Contains(e)).ToList())
        {
            _listeners.Remove(gone, out var listener);
            await listener!.DisposeAsync();
        }

        _refused.IntersectWith(wanted);
        foreach (var endpoint in wanted.Where(e => !_listeners.ContainsKey(e)))
            Listen(endpoint);
        return _refused.Count > 0 ? RetryDelay : null;
    }

    private void Listen(ExternalEndpoint endpoint)
    {
        try
        {
            _listeners[endpoint] = ExternalListener.Start(endpoint, host, Time);
            _refused.Remove(endpoint);
        }
        catch (SocketException e)
        {
            if (_refused.Add(endpoint)) // Said once, tried again for as long as it is wanted.
                Logger.CannotListen(endpoint.Instance.Path, endpoint.Address.ToString(), e.Message);
        }
    }
}
