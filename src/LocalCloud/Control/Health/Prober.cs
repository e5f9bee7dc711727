using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>
/// Probes one target until it is stopped. As on Google Cloud, several probers work independently of each other, each at the interval of the
/// health check, so that a machine sees more than one probe per interval and a change is noticed sooner than one prober would:
/// https://cloud.google.com/load-balancing/docs/health-check-concepts, "Multiple probes and frequency". Here there are
/// <see cref="Probers"/>, evenly out of step. Timeout and thresholds are those of the health check.
/// </summary>
internal sealed class Prober(HealthTarget target, IMachineHost host, TimeProvider time)
{
    /// <summary>The lower end of what the real service is documented to use.</summary>
    public const int Probers = 5;

    private readonly Lock _gate = new();
    private HealthState _state = HealthState.Initial;

    /// <param name="state">Where to go on from.</param>
    /// <param name="changed">Told of the state after every probe; called by one probe at a time.</param>
    /// <param name="cancellationToken">Stops probing.</param>
    public async Task RunAsync(HealthState state, Action<HealthState> changed, CancellationToken cancellationToken)
    {
        _state = state;
        using var timer = new PeriodicTimer(target.Probe.Interval / Probers, time);
        var probes = new List<Task>();
        try
        {
            for (var prober = 0; ; prober = (prober + 1) % Probers)
            {
                probes.RemoveAll(p => p.IsCompleted);
                probes.Add(ProbeAsync(SourceOf(prober), changed, cancellationToken));
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(probes);
        }
    }

    // Every prober has an address of its own in the documented range.
    private static IPAddress SourceOf(int prober) => new([35, 191, 0, (byte)(prober + 1)]);

    private async Task ProbeAsync(IPAddress source, Action<HealthState> changed, CancellationToken cancellationToken)
    {
        var result = await AskAsync(source, cancellationToken);
        lock (_gate)
        {
            if (cancellationToken.IsCancellationRequested)
                return; // What was cut short says nothing about the machine.
            _state = _state.After(result, target.Probe.HealthyThreshold, target.Probe.UnhealthyThreshold);
            changed(_state);
        }
    }

    private async Task<ProbeResult> AskAsync(IPAddress source, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(target.Probe.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var destination = new IPEndPoint(target.Destination, target.Probe.Port);
            using var socket = await host.ConnectAsync(target.NetworkId, source, destination, target.MachineId, either.Token);
            var passed = target.Probe.Type == "HTTP"
                ? await HttpProbe.PassesAsync(socket, target.Probe, target.Destination, either.Token)
                : await TcpProbe.PassesAsync(socket, target.Probe, either.Token);
            return passed ? ProbeResult.Success : ProbeResult.Failure;
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Timeout;
        }
        catch (Exception e) when (e is SocketException or MachineHostException)
        {
            return e is SocketException { SocketErrorCode: SocketError.TimedOut } ? ProbeResult.Timeout : ProbeResult.Failure;
        }
    }
}
