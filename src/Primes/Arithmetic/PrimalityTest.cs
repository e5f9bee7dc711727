using System.Numerics;

namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>
/// Whether a non-negative whole number is prime: proved below 2^64 (trial division, then Miller–Rabin to bases that are known to suffice),
/// above it by Baillie–PSW, to which no counterexample is known.
/// </summary>
internal static class PrimalityTest
{
    internal static bool IsPrime(ulong number)
    {
        foreach (var prime in SmallPrimes.Below256)
        {
            if (number % prime == 0)
                return number == prime;
        }

        return number >= 257 * 257 ? MillerRabin.IsPrime(number) : number > 1;
    }

    /// <summary>As <see cref="IsPrime(ulong)"/> for any size: a prime of 1,000 digits takes about a tenth of a second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    internal static bool IsPrime(BigInteger number, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (number <= ulong.MaxValue)
            return IsPrime((ulong)number);

        return !SmallPrimes.DivideAny(number) && BailliePsw.IsProbablePrime(number, cancellation);
    }
}
