using System.Collections.Concurrent;
using System.Net;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Frontend;

public sealed partial class FrontendTests
{
    [Theory]
    [InlineData("/", "1")]
    [InlineData("/0", "0")]
    [InlineData("/10000", "10000")]
    [InlineData("/0010000", "10000")]
    [InlineData("/18446744073709551550", "18446744073709551550")]
    public async Task The_page_has_a_hundred_cells_and_every_one_is_right(string path, string start)
    {
        await using var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);

        var page = await frontend.Client.GetStringAsync(path);

        var cells = Cells(page);
        Assert.Equal(100, cells.Length);
        for (var i = 0; i < 100; i++)
        {
            var number = BigInteger.Parse(start) + i;
            Assert.Equal((number.ToString(), PrimalityTest.IsPrime(number) ? "#00ff00" : "#ff0000"), cells[i]);
        }

        Assert.Equal(10, Regex.Count(page, "<tr>"));
    }

    [Fact]
    public async Task Links_lead_to_the_hundred_before_and_after()
    {
        await using var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);

        Assert.Contains("rel=\"next\" href=\"/101\"", await frontend.Client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"prev\"", await frontend.Client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains("rel=\"prev\" href=\"/1\"", await frontend.Client.GetStringAsync("/50"), StringComparison.Ordinal);
        Assert.Contains("rel=\"prev\" href=\"/401\"", await frontend.Client.GetStringAsync("/501"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_protected_and_says_who_answered()
    {
        await using var backend = await Server.StartAsync(context =>
        {
            context.Response.Headers["X-Served-By"] = "<b>backend";
            return AnswerAsync(context);
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        using var response = await frontend.Client.GetAsync("/7");
        var page = await response.Content.ReadAsStringAsync();

        Assert.StartsWith("default-src 'none'; style-src 'sha256-", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;backend <meter max=\"100\" value=\"100\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/abc", HttpStatusCode.BadRequest)]
    [InlineData("/-1", HttpStatusCode.BadRequest)]
    [InlineData("/%3Cscript%3E", HttpStatusCode.BadRequest)]
    [InlineData("/1/2", HttpStatusCode.NotFound)]
    public async Task Refuses_bad_input_without_repeating_it(string path, HttpStatusCode status)
    {
        await using var frontend = await Server.FrontendAsync(Nobody.Address);
        using var response = await frontend.Client.GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("script", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_leads_to_the_page_of_the_number_that_was_typed()
    {
        await using var frontend = await Server.FrontendAsync(Nobody.Address);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = frontend.Address };

        using var response = await client.GetAsync("/?start=%20000997+");
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/997", response.Headers.Location?.ToString());

        foreach (var wrong in (string[])["", "abc", "-1", "1,000", "%0d%0aSet-Cookie:x"])
        {
            using var refused = await client.GetAsync("/?start=" + wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task The_same_is_there_for_programs()
    {
        await using var backend = await Server.StartAsync(context =>
        {
            context.Response.Headers["X-Served-By"] = "backend-\"1\"";
            return From(context) == 141 ? Forever(context) : AnswerAsync(context);
        });
        await using var frontend = await Server.FrontendAsync(backend.Address, pageDeadline: TimeSpan.FromMilliseconds(500), tryLimit: TimeSpan.FromMilliseconds(200));

        using var response = await frontend.Client.GetAsync("/api/101");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("101", json.RootElement.GetProperty("start").GetString());
        Assert.Equal(100, json.RootElement.GetProperty("count").GetInt32());
        Assert.Equal(Primes(101).Except(["149"]), Texts("primes"));
        Assert.Equal(Enumerable.Range(141, 10).Select(number => number.ToString()), Texts("unknown"));
        Assert.Equal(90, json.RootElement.GetProperty("servedBy").GetProperty("backend-\"1\"").GetInt32());

        IEnumerable<string?> Texts(string name) => json.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetString());
    }

    [Fact]
    public async Task For_programs_too_nothing_known_is_a_503_and_bad_input_a_problem_document()
    {
        await using var frontend = await Server.FrontendAsync(Nobody.Address, pageDeadline: TimeSpan.FromMilliseconds(300));
        frontend.Client.DefaultRequestHeaders.Add("Accept", "application/json");

        using var empty = await frontend.Client.GetAsync("/api/1");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, empty.StatusCode);
        foreach (var (path, status) in ((string, HttpStatusCode)[])[("/api/x", HttpStatusCode.BadRequest), ("/api/", HttpStatusCode.BadRequest), ("/api/1/2", HttpStatusCode.NotFound)])
        {
            using var refused = await frontend.Client.GetAsync(path);
            Assert.Equal(status, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("999999999999999950")]
    [InlineData("1999999999999999999")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999999999999999999950")]
    public async Task Numbers_go_on_rightly_where_digits_carry(string start)
    {
        await using var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);
        var cells = Cells(await frontend.Client.GetStringAsync("/" + start));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (BigInteger.Parse(start) + i).ToString()), cells.Select(cell => cell.Text));
    }

    [Fact]
    public async Task Starts_no_later_than_where_all_numbers_have_a_thousand_digits()
    {
        await using var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);
        var last = BigInteger.Pow(10, 1_000) - 100;

        Assert.Equal(100, Cells(await frontend.Client.GetStringAsync("/" + last)).Length);
        using var response = await frontend.Client.GetAsync("/" + (last + 1));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Without_any_backend_the_page_comes_within_its_deadline_and_claims_nothing()
    {
        await using var frontend = await Server.FrontendAsync(Nobody.Address, pageDeadline: TimeSpan.FromMilliseconds(300));

        using var response = await frontend.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var page = await response.Content.ReadAsStringAsync();
        Assert.All(Cells(page), cell => Assert.Equal("#9e9e9e", cell.Color));
        Assert.Contains("100 of 100 numbers could not be asked in time", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_hangs_for_some_rows_leaves_those_unknown_and_the_others_right()
    {
        await using var backend = await Server.StartAsync(context => From(context) is 31 or 71 ? Forever(context) : AnswerAsync(context));
        await using var frontend = await Server.FrontendAsync(backend.Address, pageDeadline: TimeSpan.FromSeconds(2), tryLimit: TimeSpan.FromMilliseconds(200));

        using var response = await frontend.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var cells = Cells(await response.Content.ReadAsStringAsync());
        Assert.Equal([.. Enumerable.Range(31, 10).Concat(Enumerable.Range(71, 10)).Select(number => number + " ?")], cells.Where(cell => cell.Color == "#9e9e9e").Select(cell => cell.Text));
        Assert.Equal(["31", "37", "71", "73", "79"], Primes(1).Except(cells.Where(cell => cell.Color == "#00ff00").Select(cell => cell.Text)));
    }

    [Fact]
    public async Task A_server_error_a_wrong_document_and_a_broken_connection_are_tried_again()
    {
        var tries = new ConcurrentDictionary<int, int>();
        await using var backend = await Server.StartAsync(context =>
        {
            switch (tries.AddOrUpdate(From(context), 1, (_, before) => before + 1))
            {
                case 1:
                    context.Response.StatusCode = 500;
                    return Task.CompletedTask;
                case 2:
                    return SayAsync(context, """{"from":"1","count":10,"primes":["1000"]}""");
                case 3:
                    context.Abort();
                    return Task.CompletedTask;
                default:
                    return AnswerAsync(context);
            }
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        Assert.DoesNotContain(Cells(await frontend.Client.GetStringAsync("/")), cell => cell.Color == "#9e9e9e");
        Assert.All(tries.Values, count => Assert.Equal(4, count));
    }

    [Fact]
    public async Task A_try_that_hangs_is_made_again_on_another_connection()
    {
        var hung = new HashSet<string>();
        await using var backend = await Server.StartAsync(context =>
        {
            // As when the machine behind a connection is gone: the first four connections never carry an answer.
            lock (hung)
            {
                if (hung.Count < 4)
                    hung.Add(context.Connection.Id);
                return hung.Contains(context.Connection.Id) ? Forever(context) : AnswerAsync(context);
            }
        });
        await using var frontend = await Server.FrontendAsync(backend.Address, tryLimit: TimeSpan.FromMilliseconds(500));

        Assert.DoesNotContain(Cells(await frontend.Client.GetStringAsync("/")), cell => cell.Color == "#9e9e9e");
        Assert.Equal(4, hung.Count);
    }

    [Fact]
    public async Task A_backend_that_is_killed_and_comes_back_is_asked_again()
    {
        var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);
        Assert.Equal(HttpStatusCode.OK, (await frontend.Client.GetAsync("/")).StatusCode);
        var port = backend.Address.Port;
        await backend.DisposeAsync();

        // The page is under way when its only backend comes back.
        var page = frontend.Client.GetStringAsync("/");
        await using var again = await Server.BackendAsync(port: port);

        Assert.DoesNotContain(Cells(await page), cell => cell.Color == "#9e9e9e");
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        var tries = 0;
        await using var backend = await Server.StartAsync(context =>
        {
            Interlocked.Increment(ref tries);
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        using var response = await frontend.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(10, tries);
    }

    [Fact]
    public async Task Keeps_connections_to_the_backend_and_uses_all_of_them_in_turn()
    {
        var connections = new ConcurrentDictionary<string, int>();
        await using var backend = await Server.StartAsync(context =>
        {
            connections.TryAdd(context.Connection.Id, 0);
            return AnswerAsync(context);
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        for (var i = 0; i < 10; i++)
            await frontend.Client.GetStringAsync("/");

        // All of them, and no more, whoever asks: so all backends behind a load balancer are reached.
        Assert.Equal(32, connections.Count);
    }

    [Fact]
    public async Task Pages_of_huge_numbers_that_take_long_leave_connections_to_others()
    {
        using var hung = new SemaphoreSlim(0);
        await using var backend = await Server.StartAsync(context =>
        {
            if (context.Request.Query["from"].ToString().Length < 100)
                return AnswerAsync(context);
            hung.Release();
            return Forever(context);
        });
        await using var frontend = await Server.FrontendAsync(backend.Address, tryLimit: TimeSpan.FromSeconds(60));
        using var leaving = new CancellationTokenSource();
        var pages = Enumerable.Range(0, 10).Select(_ => frontend.Client.GetAsync("/1" + new string('0', 100), leaving.Token)).ToArray();
        for (var i = 0; i < 8; i++)
            Assert.True(await hung.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.DoesNotContain(Cells(await frontend.Client.GetStringAsync("/")), cell => cell.Color == "#9e9e9e");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(pages));
    }

    private static int From(HttpContext context) => int.Parse(context.Request.Query["from"].ToString());

    private static IEnumerable<string> Primes(int start, int count = 100) =>
        Enumerable.Range(start, count).Where(number => PrimalityTest.IsPrime((ulong)number)).Select(number => number.ToString());

    private static Task AnswerAsync(HttpContext context) =>
        SayAsync(context, $$"""{"from":"{{From(context)}}","count":10,"primes":[{{string.Join(',', Primes(From(context), 10).Select(prime => $"\"{prime}\""))}}]}""");

    private static Task SayAsync(HttpContext context, string document)
    {
        context.Response.ContentLength = document.Length;
        return context.Response.WriteAsync(document);
    }

    private static Task Forever(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    private static (string Text, string Color)[] Cells(string page) =>
        [.. Cell().Matches(page).Select(match => (match.Groups["text"].Value, match.Groups["color"].Value))];

    [GeneratedRegex("<td bgcolor='(?<color>#[0-9a-f]{6})'>(?<text>[^<]*)</td>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Cell();
}
