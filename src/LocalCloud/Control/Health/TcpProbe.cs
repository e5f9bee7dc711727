using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>A connection that is accepted passes, unless an answer is wanted: then its beginning has to be the wanted text.</summary>
internal static class TcpProbe
{
    public static async Task<bool> PassesAsync(Socket socket, ProbeSpec probe, CancellationToken cancellationToken)
    {
        if (probe.Request is { } request)
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        if (probe.Response is null)
            return true;

        var wanted = Encoding.ASCII.GetBytes(probe.Response);
        var answer = new byte[wanted.Length];
        for (var length = 0; length < wanted.Length;)
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(length), cancellationToken);
            if (read == 0 || !wanted.AsSpan(length, read).SequenceEqual(answer.AsSpan(length, read)))
                return false;
            length += read;
        }

        return true;
    }
}
