using System.Net;
using System.Numerics;
using System.Text.Json;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Backend;

public sealed class RangeTests : IAsyncLifetime
{
    private Server server = null!;

    public async Task InitializeAsync() => server = await Server.BackendAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_range_is_said_to_the_byte() =>
        Assert.Equal("""{"from":"1","count":10,"primes":["2","3","5","7"]}""", await server.Client.GetStringAsync("/primes?from=1&count=10"));

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0", 10_000)]
    [InlineData("1", 10)]
    [InlineData("1990", 10)]
    [InlineData("1999", 10_000)]
    [InlineData("0000003999000", 10_000)]
    [InlineData("1000000000000", 10_000)]
    [InlineData("18446744073709551557", 10)]
    [InlineData("18446744073709551615", 1_000)]
    [InlineData("18446744073709541615", 10_000)]
    [InlineData("1000000000000000000000000000000000000000000000000", 2_000)]
    public async Task A_range_has_exactly_the_numbers_that_are_prime_one_by_one(string from, int count)
    {
        var start = BigInteger.Parse(from);
        var expected = Enumerable.Range(0, count).Select(i => start + i).Where(number => PrimalityTest.IsPrime(number)).Select(number => number.ToString());
        Assert.Equal(expected, await PrimesAsync(from, count));
    }

    [Fact]
    public async Task A_range_goes_up_to_the_last_number_of_a_thousand_digits()
    {
        var start = BigInteger.Pow(10, 1_000) - 10;
        Assert.Empty(await PrimesAsync(start.ToString(), 10));
        using var response = await server.Client.GetAsync($"/primes?from={start}&count=11");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("The last number would have more than 1000 digits: take a smaller from or count.", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/primes", "The parameter from must be one whole number")]
    [InlineData("/primes?from=1", "The parameter count must be a whole number from 1 to 10000.")]
    [InlineData("/primes?from=x&count=0", "such as 97. The parameter count must be")]
    [InlineData("/primes?from=-1&count=10", "The parameter from")]
    [InlineData("/primes?from=+1&count=10", "The parameter from")]
    [InlineData("/primes?from=1&from=2&count=10", "The parameter from")]
    [InlineData("/primes?from=1&count=10001", "The parameter count")]
    [InlineData("/primes?from=1&count=99999999999999999999", "The parameter count")]
    public async Task Wrong_parameters_are_all_named(string path, string sentence)
    {
        using var response = await server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(sentence, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_of_huge_numbers_keeps_neither_small_nor_other_huge_ones_waiting_until_its_end()
    {
        using var leaving = new CancellationTokenSource();
        var range = server.Client.GetStringAsync($"/primes?from={BigInteger.Pow(10, 999)}&count=10000", leaving.Token);

        Assert.Equal("True", await server.Client.GetStringAsync("/" + (BigInteger.Pow(10, 999) + 7)));
        Assert.Equal("True", await server.Client.GetStringAsync("/2305843009213693951"));

        Assert.False(range.IsCompleted, "The numbers waited for the whole range.");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => range);
    }

    private async Task<string[]> PrimesAsync(string from, int count)
    {
        using var json = JsonDocument.Parse(await server.Client.GetStringAsync($"/primes?from={from}&count={count}"));
        Assert.Equal(BigInteger.Parse(from).ToString(), json.RootElement.GetProperty("from").GetString());
        Assert.Equal(count, json.RootElement.GetProperty("count").GetInt32());
        return [.. json.RootElement.GetProperty("primes").EnumerateArray().Select(prime => prime.GetString()!)];
    }
}
