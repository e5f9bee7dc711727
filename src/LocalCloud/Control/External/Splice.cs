using System.Buffers;
using System.Net.Sockets;

namespace PrimeDeploy.LocalCloud.Control.External;

/// <summary>Joins two connections: what comes in on one goes out on the other, and the end of one direction does not end the other.</summary>
internal static class Splice
{
    private const int BufferSize = 32 * 1024;

    /// <exception cref="SocketException">One side broke the connection; both are to be reset.</exception>
    public static async Task RunAsync(Socket one, Socket other, CancellationToken cancellationToken)
    {
        one.NoDelay = other.NoDelay = true;
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var directions = new[] { CopyAsync(one, other, broken.Token), CopyAsync(other, one, broken.Token) };
        if (await Task.WhenAny(directions) is { IsCompletedSuccessfully: false })
            await broken.CancelAsync(); // The other direction has nowhere to go any more.
        await Task.WhenAll(directions);
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Waiting with an empty buffer keeps idle connections, of which a browser has many, from holding memory.
            await from.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var read = await from.ReceiveAsync(buffer, cancellationToken);
                if (read == 0)
                    break;
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
