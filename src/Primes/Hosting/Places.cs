using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>Sees to it that connections on which nothing is asked do not take the places of those who ask.</summary>
/// <param name="most">How many connections the server takes at once.</param>
internal sealed class Places(int most)
{
    /// <summary>As long as a client may take for its headers, once it has begun with them.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private int taken;

    /// <summary>Whether only a fifth of them is left. Connections are not kept then after their answer: whoever keeps silent has had one.</summary>
    internal bool AreScarce => Volatile.Read(ref taken) > most / 5 * 4;

    /// <summary>Counts the connection, and ends one on which nothing is said.</summary>
    internal ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref taken);
        try
        {
            if (await SpeaksAsync(connection))
                await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref taken);
        }
    };

    /// <summary>Waits for the first bytes, and leaves them to be read. Nearly always they are there already.</summary>
    private static async ValueTask<bool> SpeaksAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (!input.TryRead(out var read))
        {
            var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(closing);
            limit.CancelAfter(Silence);
            try
            {
                read = await input.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        input.AdvanceTo(read.Buffer.Start);
        return true;
    }
}
