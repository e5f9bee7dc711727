using System.Runtime.InteropServices;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>
/// The end in order: on SIGTERM, SIGINT or SIGQUIT health checks fail at once and every answer asks its client to connect anew; after the delay the port closes,
/// and what is in flight finishes. A second signal skips the delay.
/// </summary>
internal sealed class Drain(IHostApplicationLifetime application, DrainLimits limits, TimeProvider time, ILogger<Drain> logger) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> signals = [];
    private readonly CancellationTokenSource hurry = new();
    private volatile bool begun;

    /// <summary>Whether the end has begun.</summary>
    internal bool HasBegun => begun;

    /// <summary>Begins the end; the second call closes the port at once.</summary>
    internal void Begin()
    {
        if (begun)
        {
            hurry.Cancel();
            return;
        }

        begun = true;
        logger.Drains(limits.Delay.TotalSeconds, limits.Limit.TotalSeconds);
        _ = CloseAfterDelayAsync();
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Begin();
            }));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        begun = true;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        signals.ForEach(signal => signal.Dispose());
        hurry.Dispose();
    }

    private async Task CloseAfterDelayAsync()
    {
        await Task.Delay(limits.Delay, time, hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        application.StopApplication();
    }
}
