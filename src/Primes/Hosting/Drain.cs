using System.Runtime.InteropServices;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>
/// The end in order: once begun, health checks fail at once and every answer asks its client to connect anew; after the delay the port closes,
/// and what is in flight finishes. To begin a second time skips the delay.
/// </summary>
internal sealed class Drain(DrainLimits limits, TimeProvider time, ILogger logger)
{
    private readonly TaskCompletionSource portCloses = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int begun;

    /// <summary>Whether the end has begun.</summary>
    internal bool HasBegun => Volatile.Read(ref begun) != 0;

    /// <summary>Completes when the time has come to take no more connections.</summary>
    internal Task PortCloses => portCloses.Task;

    /// <summary>Begins the end; the second call closes the port at once.</summary>
    internal void Begin()
    {
        if (Interlocked.Exchange(ref begun, 1) != 0)
        {
            portCloses.TrySetResult();
            return;
        }

        logger.Drains(limits.Delay.TotalSeconds, limits.Limit.TotalSeconds);
        _ = CloseAfterDelayAsync();
    }

    /// <summary>Begins at SIGTERM, SIGINT and SIGQUIT, until disposed of.</summary>
    internal IDisposable BeginAtSignals() => new Signals(this);

    private async Task CloseAfterDelayAsync()
    {
        await Task.WhenAny(Task.Delay(limits.Delay, time), PortCloses);
        portCloses.TrySetResult();
    }

    private sealed class Signals : IDisposable
    {
        private readonly PosixSignalRegistration[] registrations;

        internal Signals(Drain drain) => registrations =
        [
            .. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]).Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                drain.Begin();
            })),
        ];

        public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());
    }
}
