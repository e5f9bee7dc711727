using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.Primes.Tests.Fuzzing;

/// <summary>
/// Sends requests one behind the other on one connection without waiting for answers, and begins a new connection where the server ends it,
/// as it does after a request that it cannot understand.
/// </summary>
internal sealed class FuzzClient(int port)
{
    /// <summary>Sends them all and says what was wrong with an answer; each request has one, or the server closed the connection on it.</summary>
    internal async Task<List<string>> SendAsync(IReadOnlyList<FuzzRequest> requests)
    {
        var problems = new List<string>();
        for (var next = 0; next < requests.Count;)
        {
            var answered = await SendAsync(requests.Skip(next).ToArray(), problems);
            // What the server had not read yet when it closed takes its last answer along; what comes first on a new connection is judged alone.
            next += Math.Max(answered, 1);
        }

        return problems;
    }

    private async Task<int> SendAsync(FuzzRequest[] requests, List<string> problems)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        var sending = SendAsync(client, Encoding.Latin1.GetBytes(string.Concat(requests.Select(request => request.Text))));
        using var reader = new StreamReader(stream, Encoding.Latin1, false, 16_384);
        var answered = 0;
        try
        {
            for (; answered < requests.Length; answered++)
            {
                if (await ReadAsync(reader, requests[answered]) is not { } answer)
                    break;
                if (answer.Length > 0)
                    problems.Add($"{answer} to {requests[answered].Text.ReplaceLineEndings("\\n")}");
            }
        }
        catch (IOException)
        {
            // Closed by the server with something unread.
        }

        await sending;
        return answered;
    }

    private static async Task SendAsync(TcpClient client, byte[] bytes)
    {
        try
        {
            await client.GetStream().WriteAsync(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // Closed by the server, which says why in its answer.
        }
    }

    /// <summary>What is wrong with the next answer, nothing, or null at the end of the connection.</summary>
    private static async Task<string?> ReadAsync(StreamReader reader, FuzzRequest request)
    {
        if (await reader.ReadLineAsync() is not { } statusLine)
            return null;
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length: ", StringComparison.Ordinal))
                length = int.Parse(header.AsSpan(16));
        }

        if (!int.TryParse(statusLine.AsSpan(9, 3), out var status) || !statusLine.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            return $"no HTTP but '{statusLine}'";
        var body = new char[request.IsHead ? 0 : length];
        await reader.ReadBlockAsync(body);
        // 505 is what HTTP itself has for a version that a server does not speak (RFC 9110, 15.6.6), and Kestrel's answer to it.
        if (status >= 500 && status != 505)
            return $"status {status}";
        return request.Answer is null || (status == 200 && body.AsSpan().SequenceEqual(request.Answer)) ? "" : $"{status} {new string(body)} instead of {request.Answer}";
    }
}
