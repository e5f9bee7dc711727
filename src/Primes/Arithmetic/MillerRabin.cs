using System.Numerics;

namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>
/// The strong probable-prime test for odd numbers below 2^64, to as many prime bases as make it a proof.
/// Multiplication is Montgomery's, so that no step divides.
/// </summary>
internal static class MillerRabin
{
    /// <summary>
    /// The smallest composite that is a strong probable prime to the first 1, 2, 3, … prime bases (OEIS A014233): below it, that many bases prove.
    /// Pomerance, Selfridge and Wagstaff 1980 and Jaeschke 1993 up to the eighth; Jiang and Deng 2014 for the ninth to eleventh, which are one number;
    /// the twelfth, 318,665,857,834,031,151,167,461 (Sorenson and Webster 2017), lies above 2^64.
    /// </summary>
    private static readonly (ulong Below, int Bases)[] Proofs =
    [
        (2_047, 1),
        (1_373_653, 2),
        (25_326_001, 3),
        (3_215_031_751, 4),
        (2_152_302_898_747, 5),
        (3_474_749_660_383, 6),
        (341_550_071_728_321, 7),
        (3_825_123_056_546_413_051, 9),
    ];

    private const int BasesBelow2To64 = 12;

    /// <summary>Whether the odd <paramref name="number"/>, larger than the largest base (37), is prime.</summary>
    internal static bool IsPrime(ulong number)
    {
        foreach (var prime in SmallPrimes.Below256[..BasesFor(number)])
        {
            if (!IsStrongProbablePrime(number, prime))
                return false;
        }

        return true;
    }

    /// <summary>Whether the odd <paramref name="number"/> is a strong probable prime to <paramref name="witness"/>, which it must not divide.</summary>
    internal static bool IsStrongProbablePrime(ulong number, ulong witness)
    {
        var field = new Montgomery64(number);
        var one = field.One;
        var minusOne = number - one;
        var twos = BitOperations.TrailingZeroCount(number - 1);
        var power = field.Power(field.From(witness), (number - 1) >> twos);
        if (power == one || power == minusOne)
            return true;

        for (var i = 1; i < twos; i++)
        {
            power = field.Multiply(power, power);
            if (power == minusOne)
                return true;
        }

        return false;
    }

    private static int BasesFor(ulong number)
    {
        foreach (var (below, bases) in Proofs)
        {
            if (number < below)
                return bases;
        }

        return BasesBelow2To64;
    }
}
