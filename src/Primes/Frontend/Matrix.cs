using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>A hundred numbers in a row, and what is known of each.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="Numbers">In decimal.</param>
/// <param name="Answers">One per number.</param>
/// <param name="Took">How long it took to ask.</param>
internal sealed record Matrix(BigInteger Start, IReadOnlyList<string> Numbers, IReadOnlyList<Answer> Answers, TimeSpan Took)
{
    internal const int Columns = 10;
    internal const int Size = 100;

    /// <summary>The last start whose hundred numbers all have as few digits as the backends take.</summary>
    internal static readonly BigInteger LastStart = BigInteger.Pow(10, NumberText.MaxDigits) - Size;

    internal int Unknown => Answers.Count(answer => answer.IsPrime is null);

    internal int Primes => Answers.Count(answer => answer.IsPrime is true);

    /// <summary>Asks for all the numbers at once and has what was answered by the deadline.</summary>
    internal static async Task<Matrix> AskAsync(BigInteger start, Upstream upstream, TimeProvider time, CancellationToken deadline)
    {
        var began = time.GetTimestamp();
        var numbers = Enumerable.Range(0, Size).Select(i => (start + i).ToString(CultureInfo.InvariantCulture)).ToArray();
        var answers = await Task.WhenAll(numbers.Select(number => upstream.AskAsync(number, deadline)));
        return new Matrix(start, numbers, answers, time.GetElapsedTime(began));
    }
}
