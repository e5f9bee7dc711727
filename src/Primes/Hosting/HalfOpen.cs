using Microsoft.AspNetCore.Connections;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>
/// Keeps a connection open for answers after its client has closed its own half. That may mean that it has said all it will say, or that it is gone: TCP has one sign for both,
/// and Kestrel takes it for gone at once, with the answer unsent.
/// </summary>
internal static class HalfOpen
{
    /// <summary>What takes longer is taken to have nobody who waits for it, and is given up. Nearly all answers take less than a millisecond.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    internal static ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        using var gone = new CancellationTokenSource();
        await using var end = connection.ConnectionClosed.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(Grace), gone);
        connection.ConnectionClosed = gone.Token;
        await next(connection);
    };
}
