namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>
/// Arithmetic modulo an odd 64-bit number, on values kept as x·2^64 mod n (P. Montgomery, <i>Modular Multiplication Without Trial Division</i>, 1985).
/// </summary>
internal readonly struct Montgomery64
{
    private readonly ulong modulus;
    private readonly ulong inverse;
    private readonly ulong square;

    internal Montgomery64(ulong modulus)
    {
        this.modulus = modulus;
        // Newton's iteration doubles the right bits; n is its own inverse modulo 8.
        inverse = modulus;
        for (var bits = 3; bits < 64; bits *= 2)
            inverse *= 2 - modulus * inverse;

        One = unchecked(0 - modulus) % modulus;
        square = (ulong)((UInt128)One * One % modulus);
    }

    /// <summary>1 in Montgomery form: 2^64 mod n.</summary>
    internal ulong One { get; }

    /// <summary>The Montgomery form of <paramref name="value"/>.</summary>
    internal ulong From(ulong value) => Multiply(value % modulus, square);

    /// <summary>The product of two values in Montgomery form.</summary>
    internal ulong Multiply(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        // Subtracting the multiple of n that has the same low half keeps the intermediate within 64 bits even for n above 2^63.
        var multiple = Math.BigMul(low * inverse, modulus, out _);
        return high >= multiple ? high - multiple : high - multiple + modulus;
    }

    /// <summary><paramref name="x"/> (in Montgomery form) to the power of <paramref name="exponent"/>.</summary>
    internal ulong Power(ulong x, ulong exponent)
    {
        var result = One;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = Multiply(result, x);
            x = Multiply(x, x);
        }

        return result;
    }
}
