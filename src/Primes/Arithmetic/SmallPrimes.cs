using System.Numerics;

namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>The primes below 2,000, and division by all of them.</summary>
internal static class SmallPrimes
{
    private const int Bound = 2_000;

    /// <summary>Primes below <see cref="Bound"/>, ascending.</summary>
    private static readonly ushort[] All = Sieve();

    /// <summary>Runs of <see cref="All"/> whose product fits 32 bits: one long division by a product serves all its primes.</summary>
    private static readonly (uint Product, int From, int To)[] Products = Multiply();

    /// <summary>The primes below 256, which are enough to settle every number below 257².</summary>
    internal static ReadOnlySpan<ushort> Below256 => All.AsSpan(0, 54);

    /// <summary>Whether a prime below 2,000 divides <paramref name="number"/>, which must be larger than that itself.</summary>
    internal static bool DivideAny(BigInteger number)
    {
        foreach (var (product, from, to) in Products)
        {
            var remainder = (uint)(number % product);
            for (var i = from; i < to; i++)
            {
                if (remainder % All[i] == 0)
                    return true;
            }
        }

        return false;
    }

    /// <summary>Marks, among the numbers from <paramref name="from"/> on, the multiples of the primes below 2,000 (not those primes themselves, nor 0).</summary>
    internal static void MarkMultiples(BigInteger from, Span<bool> composite)
    {
        var quick = from <= ulong.MaxValue;
        var low = quick ? (ulong)from : ulong.MaxValue;
        foreach (var (product, first, end) in Products)
        {
            var remainder = quick ? (uint)(low % product) : (uint)(from % product);
            foreach (var prime in All.AsSpan(first, end - first))
            {
                var over = (int)(remainder % prime);
                var next = low <= prime ? 2 * prime - (int)low : over == 0 ? 0 : prime - over;
                for (; next < composite.Length; next += prime)
                    composite[next] = true;
            }
        }
    }

    private static ushort[] Sieve()
    {
        var composite = new bool[Bound];
        var primes = new List<ushort>();
        for (var i = 2; i < Bound; i++)
        {
            if (composite[i])
                continue;
            primes.Add((ushort)i);
            for (var j = i * i; j < Bound; j += i)
                composite[j] = true;
        }

        return [.. primes];
    }

    private static (uint Product, int From, int To)[] Multiply()
    {
        var products = new List<(uint, int, int)>();
        var product = 1u;
        var from = 0;
        for (var i = 0; i < All.Length; i++)
        {
            if ((ulong)product * All[i] > uint.MaxValue)
            {
                products.Add((product, from, i));
                (product, from) = (1u, i);
            }

            product *= All[i];
        }

        products.Add((product, from, All.Length));
        return [.. products];
    }
}
