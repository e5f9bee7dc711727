using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>A hundred numbers that follow each other, asked for row by row, and what is known of them.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="Rows">Ten rows of ten.</param>
/// <param name="Took">How long it took to ask.</param>
internal sealed record Matrix(BigInteger Start, IReadOnlyList<Row> Rows, TimeSpan Took)
{
    internal const int Columns = 10;
    internal const int Size = 100;

    /// <summary>The last start whose hundred numbers all have as few digits as the backends take.</summary>
    internal static readonly BigInteger LastStart = BigInteger.Pow(10, NumberText.MaxDigits) - Size;

    /// <summary>10^18: what is below it a processor adds to and writes fast, whatever stands before it.</summary>
    private const ulong Block = 1_000_000_000_000_000_000;

    internal string First => Rows[0].Numbers[0];

    internal string Last => Rows[^1].Numbers[^1];

    internal IEnumerable<string> Unknown => Rows.Where(row => row.ArePrime is null).SelectMany(row => row.Numbers);

    internal IEnumerable<string> Primes => Rows.Where(row => row.ArePrime is not null).SelectMany(row => row.Numbers.Where((_, i) => row.ArePrime![i]));

    /// <summary>How many numbers each machine answered, by its name.</summary>
    internal IEnumerable<(string Machine, int Numbers)> Shares =>
        Rows.Where(row => row.ServedBy is not null).GroupBy(row => row.ServedBy!, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Sum(row => row.Numbers.Count)));

    /// <summary>Whether nothing at all is known.</summary>
    internal bool IsEmpty => Rows.All(row => row.ArePrime is null);

    /// <summary>Asks for all rows at once and has what was answered by the deadline.</summary>
    internal static async Task<Matrix> AskAsync(BigInteger start, Upstream upstream, TimeProvider time, CancellationToken deadline)
    {
        var began = time.GetTimestamp();
        var rows = await Task.WhenAll(Numbers(start).Chunk(Columns).Select(numbers => upstream.AskAsync(numbers, deadline)));
        return new Matrix(start, rows, time.GetElapsedTime(began));
    }

    private static string[] Numbers(BigInteger start)
    {
        var (high, low) = BigInteger.DivRem(start, Block);
        var (prefix, end) = (Text(high), (ulong)low);
        var numbers = new string[Size];
        for (var i = 0; i < Size; i++, end++)
        {
            if (end == Block)
                (prefix, end) = (Text(high + 1), 0);
            numbers[i] = prefix.Length == 0 ? end.ToString(CultureInfo.InvariantCulture) : prefix + end.ToString("D18", CultureInfo.InvariantCulture);
        }

        return numbers;

        static string Text(BigInteger number) => number.IsZero ? "" : number.ToString(CultureInfo.InvariantCulture);
    }
}
