using System.Collections.Concurrent;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>
/// Asks the backends through their load balancer, over a fixed number of kept connections that take turns: so all of them are in use, and with them all backends,
/// even by one page at a time; and a try that failed is made again on another connection.
/// </summary>
internal sealed class Upstream : IDisposable
{
    /// <summary>
    /// Connections, and so requests at a time over all pages. Enough to reach every backend of a small group: that one of three gets none of 32 has a chance of one in 140,000.
    /// </summary>
    internal const int Connections = 32;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(160);

    private const int QuickDigits = 77;

    /// <summary>Rows of larger numbers at a time: they take backends long, and must leave connections to pages of small ones.</summary>
    private const int LargeRows = Connections / 4;

    private readonly ConcurrentQueue<BackendConnection> free = new();
    private readonly SemaphoreSlim slots = new(Connections);
    private readonly SemaphoreSlim largeSlots = new(LargeRows);
    private readonly TimeSpan tryLimit;
    private readonly TimeProvider time;

    /// <param name="server">The load balancer.</param>
    /// <param name="tryLimit">How long one try may take, connecting included.</param>
    /// <param name="time">Measures pauses.</param>
    internal Upstream(Uri server, TimeSpan tryLimit, TimeProvider time)
    {
        this.tryLimit = tryLimit;
        this.time = time;
        for (var i = 0; i < Connections; i++)
            free.Enqueue(new BackendConnection(server));
    }

    /// <summary>Tries until there is an answer, a refusal that will not change, or the deadline; never throws for what a backend does.</summary>
    internal async Task<Row> AskAsync(IReadOnlyList<string> numbers, CancellationToken deadline)
    {
        try
        {
            if (numbers[0].Length <= QuickDigits)
                return await AskAsync(numbers, tryLimit, deadline);

            await largeSlots.WaitAsync(deadline);
            try
            {
                // A large number takes a backend up to a tenth of a second, and may have to wait for others of its kind.
                return await AskAsync(numbers, tryLimit * 4, deadline);
            }
            finally
            {
                largeSlots.Release();
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new Row(numbers);
        }
    }

    public void Dispose()
    {
        foreach (var connection in free)
            connection.Dispose();
        slots.Dispose();
        largeSlots.Dispose();
    }

    private async Task<Row> AskAsync(IReadOnlyList<string> numbers, TimeSpan limit, CancellationToken deadline)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await TryAsync(numbers, limit, deadline) is { } row)
                return row;
            await Task.Delay(pause, time, deadline);
        }
    }

    private async Task<Row?> TryAsync(IReadOnlyList<string> numbers, TimeSpan limit, CancellationToken deadline)
    {
        await slots.WaitAsync(deadline);
        // Whoever has a slot finds a connection: there are as many.
        free.TryDequeue(out var connection);
        try
        {
            return await connection!.AskAsync(numbers, limit, deadline);
        }
        finally
        {
            free.Enqueue(connection!);
            slots.Release();
        }
    }
}
