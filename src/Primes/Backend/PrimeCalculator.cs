using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Backend;

/// <summary>
/// Tests large numbers (which take up to a tenth of a second each) and long ranges aside and few at a time, so that small ones are answered at once beside them.
/// A long range waits anew for each of its large numbers: it cannot keep others waiting until its end.
/// </summary>
internal sealed class PrimeCalculator(int processors) : IDisposable
{
    /// <summary>Up to here (2^256) a test takes less than handing it over to another thread is worth: some 50 µs.</summary>
    private const int QuickDigits = 77;

    /// <summary>Up to here, a row of a page, a range of quick numbers is quick too.</summary>
    private const int QuickCount = 10;

    private static readonly BigInteger QuickLimit = BigInteger.Pow(10, QuickDigits);

    // One processor stays free for the small ones, where there is more than one.
    private readonly SemaphoreSlim aside = new(Math.Max(1, processors - 1));
    private int waiting;

    /// <summary>How many tests of large numbers wait for others of their kind.</summary>
    internal int Waiting => Volatile.Read(ref waiting);

    /// <param name="digits">Decimal digits without leading zeros.</param>
    /// <param name="cancellation">Ends the waiting and the work, when nobody wants the answer any more.</param>
    internal ValueTask<bool> IsPrimeAsync(string digits, CancellationToken cancellation)
    {
        if (digits.Length <= QuickDigits)
            return new(PrimalityTest.IsPrime(Parse(digits), cancellation));
        return new(AsideAsync(() => PrimalityTest.IsPrime(Parse(digits), cancellation), cancellation));
    }

    /// <summary>The primes, ascending, from <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/> − 1.</summary>
    internal async ValueTask<IReadOnlyList<BigInteger>> PrimesAsync(BigInteger from, int count, CancellationToken cancellation)
    {
        if (from < QuickLimit)
            return count <= QuickCount ? Primes(from, count, cancellation) : await AsideAsync(() => Primes(from, count, cancellation), cancellation);

        var primes = new List<BigInteger>();
        foreach (var candidate in await AsideAsync(() => PrimeRange.Candidates(from, count), cancellation))
        {
            if (await AsideAsync(() => PrimalityTest.IsPrime(from + candidate, cancellation), cancellation))
                primes.Add(from + candidate);
        }

        return primes;
    }

    public void Dispose() => aside.Dispose();

    private static List<BigInteger> Primes(BigInteger from, int count, CancellationToken cancellation) =>
        PrimeRange.Candidates(from, count).Select(candidate => from + candidate).Where(number => PrimalityTest.IsPrime(number, cancellation)).ToList();

    private async Task<T> AsideAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            await aside.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            aside.Release();
        }
    }

    private static BigInteger Parse(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
