using System.Text.RegularExpressions;

namespace PrimeDeploy.EndToEnd.Tests;

/// <summary>The frontend's page as whoever opens it sees it: which numbers are shown, and in which colour.</summary>
internal static partial class LabPage
{
    public static async Task<IReadOnlyDictionary<long, bool>> ReadAsync(Uri address)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        var html = await http.GetStringAsync(address);
        return Cell().Matches(html).ToDictionary(
            cell => long.Parse(cell.Groups["number"].Value),
            cell => cell.Groups["colour"].Value.Equals("#00ff00", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A hundred numbers from the start, each green exactly if it is prime.</summary>
    public static void AssertRight(IReadOnlyDictionary<long, bool> cells, long start)
    {
        Assert.Equal(Enumerable.Range(0, 100).Select(i => start + i), cells.Keys.Order());
        Assert.All(cells, cell => Assert.True(IsPrime(cell.Key) == cell.Value, $"{cell.Key} is shown as {(cell.Value ? "prime" : "not prime")}."));
    }

    private static bool IsPrime(long n)
    {
        for (long divisor = 2; divisor * divisor <= n; divisor++)
            if (n % divisor == 0)
                return false;
        return n > 1;
    }

    [GeneratedRegex(@"<td[^>]*(?<colour>#[0-9a-fA-F]{6})[^>]*>\D*(?<number>[0-9]+)\D*?</td>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cell();
}
