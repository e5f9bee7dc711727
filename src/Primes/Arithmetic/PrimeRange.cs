using System.Numerics;

namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>
/// The numbers of a range that can still be prime after a sieve by the primes below 2,000: one in thirteen. The rest is left to <see cref="PrimalityTest"/>.
/// To sieve on up to the root would take 78,000 primes at 10^12, to spare some 700 tests of a microsecond or two in the longest range.
/// </summary>
internal static class PrimeRange
{
    /// <summary>Has the offsets, ascending, of the candidates from <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/> − 1.</summary>
    internal static List<int> Candidates(BigInteger from, int count)
    {
        var composite = count <= 1_024 ? stackalloc bool[count] : new bool[count];
        composite.Clear();
        SmallPrimes.MarkMultiples(from, composite);
        var candidates = new List<int>(count / 8 + 8);
        for (var i = 0; i < count; i++)
        {
            if (!composite[i])
                candidates.Add(i);
        }

        return candidates;
    }
}
