using System.Net;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrimeDeploy.Primes.Arithmetic;
using static PrimeDeploy.Primes.Tests.Frontend.Upstreams;

namespace PrimeDeploy.Primes.Tests.Frontend;

public sealed class FrontendTests
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
        Assert.Equal(PrimesFrom(101).Except(["149"]), Texts("primes"));
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
}
