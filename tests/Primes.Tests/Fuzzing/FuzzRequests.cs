using System.Numerics;
using System.Text;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Fuzzing;

/// <summary>A request as bytes, and what is known of its answer beforehand.</summary>
/// <param name="Text">One byte per character.</param>
/// <param name="IsHead">Whether its answer has no body.</param>
/// <param name="Answer">The body that the answer must have, with status 200; null where any answer below 500 is right.</param>
internal sealed record FuzzRequest(string Text, bool IsHead, string? Answer);

/// <summary>Requests of all kinds: right ones, nearly right ones and nonsense; the same ones for the same seed.</summary>
internal sealed class FuzzRequests(int seed)
{
    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "G\u00c9T", "X"];
    private static readonly string[] Versions = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9", "http/1.1", ""];
    private static readonly string[] Parts =
    [
        "/", "//", ".", "..", "/../", "%2F", "%2e%2e", "%00", "%", "%zz", "%ff", "%C3%A9", "%EF%BC%97", "+", "-", "e", "0x", ",", "_", "NaN", "primes", "healthz", "metrics", "api/", "?", "&", "=", "#", ";",
        "from=1", "count=10", "start=", "\u00ff", "\t", "<script>", "'", "\"", "{}", "\\", "http://x/", "*", "7", "97", "000", "18446744073709551616",
    ];

    private static readonly string[] Headers =
    [
        "Accept: application/json", "Accept: */*;q=x,,", "Accept: \u00ff", "Connection: close", "Connection: keep-alive", "Connection: upgrade\r\nUpgrade: h2c", "User-Agent: GoogleHC/1.0", "X: ", "X : y", ": y", "no colon",
        "Content-Length: 0", "Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Expect: 100-continue", "Host: y", "Range: bytes=0-1", "Cookie: \0", "X: " + new string('y', 3_000),
    ];

    private readonly Random random = new(seed);

    internal FuzzRequest Next() => random.Next(4) switch
    {
        0 or 1 => Right(),
        2 => NearlyRight(),
        _ => Nonsense(),
    };

    private FuzzRequest Right()
    {
        var number = random.Next(1_000) == 0 ? Digits(random.Next(20, 300)) : Digits(random.Next(1, 20));
        var answer = PrimalityTest.IsPrime(BigInteger.Parse(number)) ? "True" : "False";
        var path = string.Concat(number.Select(digit => random.Next(10) == 0 ? $"%{(int)digit:x2}" : $"{digit}"));
        return new($"GET /{path}{(random.Next(5) == 0 ? "?from=%zz&/?[x]" : "")} HTTP/1.1\r\nHost: x\r\n\r\n", IsHead: false, answer);
    }

    private FuzzRequest NearlyRight()
    {
        var target = random.Next(3) switch
        {
            0 => $"/primes?from={Digits(random.Next(1, 30))}&count={random.Next(-1, 50)}",
            1 => "/" + Digits(random.Next(1, 20)) + Target(),
            _ => "/" + Target(),
        };
        return Request(Methods[random.Next(8)], target, "HTTP/1.1", "Host: x\r\n");
    }

    private FuzzRequest Nonsense()
    {
        if (random.Next(10) == 0)
        {
            var noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            if (!noise.AsSpan().ContainsAnyExcept("\r\n"u8))
                noise[0] = (byte)'x'; // Empty lines before a request are no request, and have no answer: RFC 9112, 2.2.
            return new(Encoding.Latin1.GetString(noise) + "\r\n\r\n", IsHead: false, Answer: null);
        }

        var headers = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Headers[random.Next(Headers.Length)] + "\r\n"));
        var target = random.Next(100) == 0 ? "/" + Digits(random.Next(900, 9_000)) : Target();
        return Request(Methods[random.Next(Methods.Length)], target, Versions[random.Next(Versions.Length)], (random.Next(4) == 0 ? "" : "Host: x\r\n") + headers);
    }

    private static FuzzRequest Request(string method, string target, string version, string headers) =>
        new($"{method} {target} {version}\r\n{headers}\r\n", method == "HEAD", Answer: null);

    private string Target() => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Parts[random.Next(Parts.Length)]));

    private string Digits(int count) => string.Create(count, random, (digits, source) =>
    {
        for (var i = 0; i < digits.Length; i++)
            digits[i] = (char)('0' + source.Next(10));
    });
}
