using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

/// <summary>
/// HTTP/1.1 on one connection without any mercy: HttpClient would ask again where a kept connection broke, and nobody would see it. What a server
/// may do by the standard is no failure: to say that it closes the connection, or to close one that rests.
/// </summary>
internal sealed class StrictConnection(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>Whether another request may be sent on it.</summary>
    public bool IsOpen => !_closing && !socket.Poll(0, SelectMode.SelectRead);

    private bool _closing;

    public async Task ConnectAsync(IPEndPoint server, CancellationToken cancellationToken) => await socket.ConnectAsync(server, cancellationToken);

    /// <summary>The body of an answer with status 200.</summary>
    /// <exception cref="IOException">The connection ended before the answer, or it is another one.</exception>
    public async Task<(string Body, string ServedBy)> GetAsync(string path, CancellationToken cancellationToken)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n"), cancellationToken);
        var length = 0;
        while (true)
        {
            var text = Encoding.ASCII.GetString(_buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && Answer(text, end) is { } answer)
                return answer;
            var read = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                throw new IOException($"the connection ended after {length} bytes of an answer");
            length += read;
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Null while the body is not complete.</summary>
    private (string Body, string ServedBy)? Answer(string text, int end)
    {
        var lines = text[..end].Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 4)..];
        if (body.Length < int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture))
            return null;
        _closing = headers.TryGetValue("Connection", out var connection) && connection == "close";
        return lines[0] == "HTTP/1.1 200 OK" ? (body, headers["X-Served-By"]) : throw new IOException($"{lines[0]}: {body}");
    }
}
