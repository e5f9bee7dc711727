using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>
/// Arithmetic modulo an odd number of any length on values in Montgomery form: little-endian arrays of <see cref="Limbs"/> 64-bit limbs, always below the modulus.
/// The multiplication is the coarsely integrated operand scanning of Koç, Acar and Kaliski (<i>Analyzing and Comparing Montgomery Multiplication Algorithms</i>, 1996).
/// One instance serves one thread: it keeps the scratch space of its multiplication.
/// </summary>
internal sealed class MontgomeryField
{
    private readonly ulong[] modulus;
    private readonly ulong negatedInverse;
    private readonly ulong[] square;
    private readonly ulong[] product;

    internal MontgomeryField(BigInteger modulus)
    {
        Limbs = (int)((modulus.GetBitLength() + 63) / 64);
        this.modulus = ToLimbs(modulus);
        product = new ulong[Limbs + 2];

        var inverse = this.modulus[0];
        for (var bits = 3; bits < 64; bits *= 2)
            inverse *= 2 - this.modulus[0] * inverse;
        negatedInverse = 0 - inverse;

        var radix = BigInteger.One << (64 * Limbs);
        square = ToLimbs(radix * radix % modulus);
        One = ToLimbs(radix % modulus);
        MinusOne = new ulong[Limbs];
        Subtract(MinusOne, MinusOne, One);
    }

    /// <summary>How many 64-bit limbs a value has.</summary>
    internal int Limbs { get; }

    internal ulong[] One { get; }

    internal ulong[] MinusOne { get; }

    /// <summary>The Montgomery form of <paramref name="value"/>, which must be below the modulus.</summary>
    internal ulong[] From(BigInteger value)
    {
        var result = ToLimbs(value);
        Multiply(result, result, square);
        return result;
    }

    /// <summary><paramref name="result"/> = x·y; it may be one of them.</summary>
    internal void Multiply(ulong[] result, ulong[] x, ulong[] y)
    {
        var n = modulus.AsSpan();
        var t = product.AsSpan(0, n.Length + 2);
        t.Clear();
        foreach (var factor in y)
        {
            AddMultiple(t, x, factor);
            AddMultipleAndDivide(t, n, t[0] * negatedInverse);
        }

        if (t[n.Length] != 0 || !IsBelow(t, n))
            SubtractModulus(t);
        t[..n.Length].CopyTo(result);
    }

    /// <summary><paramref name="result"/> = x + y; it may be one of them.</summary>
    internal void Add(ulong[] result, ulong[] x, ulong[] y)
    {
        var sum = product.AsSpan(0, Limbs + 1);
        UInt128 carry = 0;
        for (var i = 0; i < Limbs; i++)
        {
            carry += (UInt128)x[i] + y[i];
            sum[i] = (ulong)carry;
            carry >>= 64;
        }

        sum[Limbs] = (ulong)carry;
        if (carry != 0 || !IsBelow(sum, modulus))
            SubtractModulus(sum);
        sum[..Limbs].CopyTo(result);
    }

    /// <summary><paramref name="result"/> = x − y; it may be one of them.</summary>
    internal void Subtract(ulong[] result, ulong[] x, ulong[] y)
    {
        var borrow = 0ul;
        for (var i = 0; i < Limbs; i++)
        {
            var difference = (UInt128)x[i] - y[i] - borrow;
            result[i] = (ulong)difference;
            borrow = (ulong)(difference >> 64) & 1;
        }

        if (borrow == 0)
            return;
        UInt128 carry = 0;
        for (var i = 0; i < Limbs; i++)
        {
            carry += (UInt128)result[i] + modulus[i];
            result[i] = (ulong)carry;
            carry >>= 64;
        }
    }

    /// <summary>target += multiplicand · factor, where the target has two limbs more.</summary>
    private static void AddMultiple(Span<ulong> target, ReadOnlySpan<ulong> multiplicand, ulong factor)
    {
        var carry = 0ul;
        // A length that the compiler knows lets it leave the bounds checks out of the loop, where all the time is spent.
        var lower = target[..multiplicand.Length];
        for (var i = 0; i < lower.Length; i++)
            lower[i] = MultiplyAdd(multiplicand[i], factor, lower[i], ref carry);

        var top = target[multiplicand.Length] + carry;
        target[multiplicand.Length + 1] = top < carry ? 1ul : 0;
        target[multiplicand.Length] = top;
    }

    /// <summary>target = (target + multiplicand · factor) / 2^64, for the factor that makes the lowest limb zero.</summary>
    private static void AddMultipleAndDivide(Span<ulong> target, ReadOnlySpan<ulong> multiplicand, ulong factor)
    {
        var carry = 0ul;
        MultiplyAdd(multiplicand[0], factor, target[0], ref carry);
        var upper = target[1..multiplicand.Length];
        for (var i = 0; i < upper.Length; i++)
            target[i] = MultiplyAdd(multiplicand[i + 1], factor, upper[i], ref carry);

        var top = target[multiplicand.Length] + carry;
        target[multiplicand.Length - 1] = top;
        target[multiplicand.Length] = target[multiplicand.Length + 1] + (top < carry ? 1ul : 0);
    }

    /// <summary>The lower half of x·y + addend + carry; the upper half becomes the carry. The sum always fits 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong x, ulong y, ulong addend, ref ulong carry)
    {
        var high = Math.BigMul(x, y, out var low);
        low += addend;
        high += low < addend ? 1ul : 0;
        low += carry;
        carry = high + (low < carry ? 1ul : 0);
        return low;
    }

    private void SubtractModulus(Span<ulong> value)
    {
        var borrow = 0ul;
        for (var i = 0; i < Limbs; i++)
        {
            var difference = (UInt128)value[i] - modulus[i] - borrow;
            value[i] = (ulong)difference;
            borrow = (ulong)(difference >> 64) & 1;
        }
    }

    private static bool IsBelow(ReadOnlySpan<ulong> value, ReadOnlySpan<ulong> bound)
    {
        for (var i = bound.Length - 1; i >= 0; i--)
        {
            if (value[i] != bound[i])
                return value[i] < bound[i];
        }

        return false;
    }

    private ulong[] ToLimbs(BigInteger value)
    {
        var limbs = new ulong[Limbs];
        var bytes = MemoryMarshal.AsBytes(limbs.AsSpan());
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < limbs.Length; i++)
                limbs[i] = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(limbs[i]);
        }

        return limbs;
    }
}
