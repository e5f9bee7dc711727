using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Arithmetic;

public sealed class MontgomeryFieldTests
{
    public static TheoryData<int> Sizes => new(8, 32, 63, 64, 65, 127, 128, 129, 191, 192, 193, 1023, 1024, 3321, 3322);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Multiplies_adds_and_subtracts_as_BigInteger_does(int bits)
    {
        var random = new Random(bits);
        for (var i = 0; i < 200; i++)
        {
            var modulus = Edge(random, bits) | BigInteger.One | BigInteger.One << (bits - 1);
            var field = new MontgomeryField(modulus);
            var x = Edge(random, bits) % modulus;
            var y = Edge(random, bits) % modulus;
            var (left, right, result) = (field.From(x), field.From(y), new ulong[field.Limbs]);

            field.Multiply(result, left, right);
            Assert.Equal(field.From(x * y % modulus), result);
            field.Add(result, left, right);
            Assert.Equal(field.From((x + y) % modulus), result);
            field.Subtract(result, left, right);
            Assert.Equal(field.From((x - y + modulus) % modulus), result);
            Assert.Equal(field.From(1), field.One);
            Assert.Equal(field.From(modulus - 1), field.MinusOne);
        }
    }

    /// <summary>Random bytes, often all ones or all zeros: that is where carries go far.</summary>
    private static BigInteger Edge(Random random, int bits)
    {
        var bytes = new byte[(bits + 7) / 8];
        random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (random.Next(3) == 0)
                bytes[i] = (byte)(random.Next(2) * 255);
        }

        return new BigInteger(bytes, isUnsigned: true) & ((BigInteger.One << bits) - 1);
    }
}
