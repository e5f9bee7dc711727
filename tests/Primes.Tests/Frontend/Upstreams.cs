using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Frontend;

/// <summary>What backends of the tests answer, and what of it is on the page.</summary>
internal static partial class Upstreams
{
    public static int From(HttpContext context) => int.Parse(context.Request.Query["from"].ToString());

    public static IEnumerable<string> PrimesFrom(int start, int count = 100) =>
        Enumerable.Range(start, count).Where(number => PrimalityTest.IsPrime((ulong)number)).Select(number => number.ToString());

    public static Task AnswerAsync(HttpContext context) =>
        SayAsync(context, $$"""{"from":"{{From(context)}}","count":10,"primes":[{{string.Join(',', PrimesFrom(From(context), 10).Select(prime => $"\"{prime}\""))}}]}""");

    public static Task SayAsync(HttpContext context, string document)
    {
        context.Response.ContentLength = document.Length;
        return context.Response.WriteAsync(document);
    }

    public static Task Forever(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public static (string Text, string Color)[] Cells(string page) =>
        [.. Cell().Matches(page).Select(match => (match.Groups["text"].Value, match.Groups["color"].Value))];

    [GeneratedRegex("<td bgcolor='(?<color>#[0-9a-f]{6})'>(?<text>[^<]*)</td>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Cell();
}
