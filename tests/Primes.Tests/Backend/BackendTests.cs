using System.Diagnostics;
using System.Net;
using System.Numerics;

namespace PrimeDeploy.Primes.Tests.Backend;

public sealed class BackendTests : IAsyncLifetime
{
    private Server server = null!;

    public async Task InitializeAsync() => server = await Server.BackendAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("/2", "True")]
    [InlineData("/4", "False")]
    [InlineData("/5", "True")]
    [InlineData("/0", "False")]
    [InlineData("/1", "False")]
    [InlineData("/0007", "True")]
    [InlineData("/000", "False")]
    [InlineData("/%39%37", "True")]
    [InlineData("/97?anything=4", "True")]
    [InlineData("/18446744073709551557", "True")]
    [InlineData("/18446744073709551629", "True")]
    [InlineData("/170141183460469231731687303715884105727", "True")]
    public async Task Answers_to_the_byte_as_the_lab_does(string path, string expected)
    {
        using var response = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([Environment.MachineName], response.Headers.GetValues("X-Served-By"));
    }

    [Fact]
    public async Task Answers_for_a_thousand_digits_but_not_for_more()
    {
        Assert.Equal("True", await server.Client.GetStringAsync("/" + (BigInteger.Pow(10, 999) + 7)));
        Assert.Equal("False", await server.Client.GetStringAsync("/" + new string('9', 1_000)));
        Assert.Equal("False", await server.Client.GetStringAsync("/0" + new string('9', 1_000)));

        using var response = await server.Client.GetAsync("/" + new string('9', 1_001));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("The path is a number of 1001 digits; at most 1000 are allowed.", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/-7")]
    [InlineData("/+7")]
    [InlineData("/%207")]
    [InlineData("/7%20")]
    [InlineData("/7.0")]
    [InlineData("/7,000")]
    [InlineData("/1e3")]
    [InlineData("/0x7")]
    [InlineData("/seven")]
    [InlineData("/%D9%A7")]
    [InlineData("/%EF%BC%97")]
    [InlineData("/%3Cscript%3E")]
    public async Task Refuses_what_is_no_number_with_one_sentence(string path)
    {
        using var response = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            "The path must be one whole number from 0 up, written with the digits 0 to 9 and nothing else, such as 97.",
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/7/")]
    [InlineData("/7/8")]
    public async Task Knows_no_other_paths(string path)
    {
        using var response = await server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Answers_HEAD_without_a_body_and_other_methods_with_405()
    {
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/7"));
        Assert.Equal(4, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());

        using var post = await server.Client.PostAsync("/7", new StringContent("7"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("GET /7\r\n\r\n", "400")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("GET /7 HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "405")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "405")]
    [InlineData("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET http://x/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200")]
    [InlineData("GET /7 HTTP/1.0\r\n\r\n", "200")]
    public async Task Never_answers_malformed_requests_with_a_server_error(string request, string status)
    {
        var response = await server.SendRawAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_pipelined_requests_in_order()
    {
        var response = await server.SendRawAsync(
            "GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /4 HTTP/1.1\r\nHost: x\r\n\r\nGET /5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Equal(["True", "False", "True"], response.Split("\r\n\r\n").Skip(1).Select(part => part.Split("HTTP")[0]));
    }

    [Fact]
    public async Task Answers_414_to_a_path_without_end() =>
        Assert.Matches(
            "^HTTP/1.1 414 .*The path has more than 4096 characters.$",
            (await server.SendRawAsync($"GET /{new string('7', 5_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ReplaceLineEndings(" "));

    [Fact]
    public async Task Answers_414_to_a_request_line_without_end() =>
        Assert.StartsWith("HTTP/1.1 414 ", await server.SendRawAsync($"GET /{new string('7', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Answers_small_numbers_at_once_while_large_ones_are_at_work()
    {
        var large = "/" + (BigInteger.Pow(10, 999) + 7);
        using var leaving = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 200).Select(_ => server.Client.GetStringAsync(large, leaving.Token)).ToArray();
        await Task.WhenAny(busy);

        for (var i = 0; i < 20; i++)
            Assert.Equal("True", await server.Client.GetStringAsync("/2305843009213693951"));
        Assert.Contains(busy, one => !one.IsCompleted); // The small ones did not wait for all of them.

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(busy));
        // The work of those who left is given up: a new large number does not wait for some 200 others, which would take half a minute and more.
        var began = Stopwatch.GetTimestamp();
        Assert.Equal("True", await server.Client.GetStringAsync(large));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(15), "The work of clients that left was still done.");
    }
}
