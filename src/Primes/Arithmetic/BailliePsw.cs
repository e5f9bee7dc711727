using System.Numerics;

namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>
/// The Baillie–PSW test: a strong probable-prime test to base 2 and an extra strong Lucas test (R. Baillie and S. Wagstaff, <i>Lucas Pseudoprimes</i>, 1980;
/// J. Grantham, <i>Frobenius Pseudoprimes</i>, 2001). No composite number is known that passes both; below 2^64 it is known that there is none.
/// </summary>
internal static class BailliePsw
{
    /// <summary>Whether the odd <paramref name="number"/>, without prime factors below 2,000, passes both tests.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested; it is looked at every few microseconds.</exception>
    internal static bool IsProbablePrime(BigInteger number, CancellationToken cancellation)
    {
        var field = new MontgomeryField(number);
        return IsStrongProbablePrimeToBase2(number, field, cancellation) && IsExtraStrongLucasProbablePrime(number, field, cancellation);
    }

    internal static bool IsStrongProbablePrimeToBase2(BigInteger number, MontgomeryField field, CancellationToken cancellation)
    {
        var twos = TrailingZeros(number - 1);
        var exponent = (number - 1) >> twos;
        var power = field.From(2);
        // From the second highest bit down: a multiplication by 2 is an addition.
        var bits = exponent.ToByteArray();
        for (var bit = exponent.GetBitLength() - 2; bit >= 0; bit--)
        {
            cancellation.ThrowIfCancellationRequested();
            field.Multiply(power, power, power);
            if (IsSet(bits, bit))
                field.Add(power, power, power);
        }

        if (Equal(power, field.One) || Equal(power, field.MinusOne))
            return true;

        for (var i = 1; i < twos; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            field.Multiply(power, power, power);
            if (Equal(power, field.MinusOne))
                return true;
        }

        return false;
    }

    /// <summary>
    /// With Q = 1 and the first P of 3, 4, 5, … for which D = P² − 4 is a non-residue; n + 1 = d·2^s with d odd. n passes when U(d) = 0 and V(d) = ±2,
    /// or V(d·2^r) = 0 for an r below s − 1. Only V is computed: U(d) = 0 exactly when 2·V(d+1) = P·V(d).
    /// </summary>
    internal static bool IsExtraStrongLucasProbablePrime(BigInteger number, MontgomeryField field, CancellationToken cancellation)
    {
        if (FindP(number) is not { } p)
            return false;

        var twos = TrailingZeros(number + 1);
        var d = (number + 1) >> twos;
        var two = field.From(2);
        var pForm = field.From(p);
        var v = field.From(p);
        var next = new ulong[field.Limbs];
        field.Multiply(next, v, v);
        field.Subtract(next, next, two);

        var bits = d.ToByteArray();
        for (var bit = d.GetBitLength() - 2; bit >= 0; bit--)
        {
            cancellation.ThrowIfCancellationRequested();
            var (low, high) = IsSet(bits, bit) ? (v, next) : (next, v);
            // low becomes V(2k+1), high the doubling of its own index.
            field.Multiply(low, low, high);
            field.Subtract(low, low, pForm);
            field.Multiply(high, high, high);
            field.Subtract(high, high, two);
        }

        return HasTrivialU(field, v, next, pForm, two) || ReachesZero(field, v, two, twos, cancellation);
    }

    private static bool HasTrivialU(MontgomeryField field, ulong[] v, ulong[] next, ulong[] p, ulong[] two)
    {
        var minusTwo = new ulong[field.Limbs];
        field.Subtract(minusTwo, minusTwo, two);
        if (!Equal(v, two) && !Equal(v, minusTwo))
            return false;

        var left = new ulong[field.Limbs];
        var right = new ulong[field.Limbs];
        field.Add(left, next, next);
        field.Multiply(right, p, v);
        return Equal(left, right);
    }

    private static bool ReachesZero(MontgomeryField field, ulong[] v, ulong[] two, int twos, CancellationToken cancellation)
    {
        for (var r = 0; r < twos - 1; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!v.AsSpan().ContainsAnyExcept(0ul))
                return true;
            field.Multiply(v, v, v);
            field.Subtract(v, v, two);
        }

        return false;
    }

    /// <summary>The first P with (P² − 4 | n) = −1; null where n is composite for certain: a common divisor, or a square, which has no such P.</summary>
    private static long? FindP(BigInteger number)
    {
        for (var p = 3L; ; p++)
        {
            // Half of all P are fit, unless n is a square; so it is asked late, and rarely.
            if (p == 20 && IsSquare(number))
                return null;

            var d = p * p - 4;
            switch (Jacobi(d, number))
            {
                case -1:
                    return p;
                case 0 when d % number != 0:
                    return null;
            }
        }
    }

    /// <summary>The Jacobi symbol of a small positive number over a large odd one.</summary>
    private static int Jacobi(long numerator, BigInteger denominator)
    {
        var twos = BitOperations.TrailingZeroCount(numerator);
        var n = numerator >> twos;
        var mod8 = (int)(denominator % 8);
        var sign = twos % 2 == 1 && (mod8 is 3 or 5) ? -1 : 1;
        // Reciprocity turns the two around, and one remainder makes both small.
        if (n % 4 == 3 && mod8 % 4 == 3)
            sign = -sign;
        var a = (long)(denominator % n);
        while (a != 0)
        {
            while (a % 2 == 0)
            {
                a /= 2;
                if (n % 8 is 3 or 5)
                    sign = -sign;
            }

            (a, n) = (n, a);
            if (a % 4 == 3 && n % 4 == 3)
                sign = -sign;
            a %= n;
        }

        return n == 1 ? sign : 0;
    }

    private static bool IsSquare(BigInteger number)
    {
        var root = BigInteger.One << (int)((number.GetBitLength() + 1) / 2);
        while (true)
        {
            var better = (root + number / root) >> 1;
            if (better >= root)
                return root * root == number;
            root = better;
        }
    }

    private static int TrailingZeros(BigInteger number) => (int)BigInteger.TrailingZeroCount(number);

    private static bool IsSet(byte[] number, long bit) => (number[bit >> 3] >> (int)(bit & 7) & 1) != 0;

    private static bool Equal(ulong[] x, ulong[] y) => x.AsSpan().SequenceEqual(y);
}
