using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>One GET on a fresh connection. Only the status 200 passes, and the answer has to hold the wanted text, if any, in the first 1024 bytes of its body.</summary>
internal static class HttpProbe
{
    private const int SearchedBody = 1024;
    private const int LongestHead = 16 * 1024;

    public static async Task<bool> PassesAsync(Socket socket, ProbeSpec probe, IPAddress destination, CancellationToken cancellationToken)
    {
        var request = $"GET {probe.Path} HTTP/1.1\r\nHost: {probe.Host ?? destination.ToString()}\r\nUser-Agent: GoogleHC/1.0\r\nConnection: close\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);

        var buffer = new byte[probe.Response is null ? 1024 : LongestHead + SearchedBody];
        var length = 0;
        while (true)
        {
            var verdict = Judge(buffer.AsSpan(0, length), probe.Response, ended: false);
            if (verdict is not null)
                return verdict.Value;
            var read = length == buffer.Length ? 0 : await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return Judge(buffer.AsSpan(0, length), probe.Response, ended: true) ?? false;
            length += read;
        }
    }

    /// <returns>Null as long as more bytes could change the verdict.</returns>
    internal static bool? Judge(ReadOnlySpan<byte> answer, string? wanted, bool ended)
    {
        var lineEnd = answer.IndexOf((byte)'\n');
        if (lineEnd < 0)
            return ended ? false : null;
        if (!IsStatus200(answer[..lineEnd]))
            return false;
        if (wanted is null)
            return true;

        var headEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
            return ended ? false : null;
        var body = answer[(headEnd + 4)..];
        body = body[..Math.Min(body.Length, SearchedBody)];
        if (body.IndexOf(Encoding.ASCII.GetBytes(wanted)) >= 0)
            return true;
        return ended || body.Length == SearchedBody ? false : null;
    }

    private static bool IsStatus200(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        if (!line.StartsWith("HTTP/"u8) || space < 0)
            return false;
        var rest = line[(space + 1)..];
        return rest.StartsWith("200"u8) && (rest.Length == 3 || rest[3] is (byte)' ' or (byte)'\r');
    }
}
