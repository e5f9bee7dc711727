using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Arithmetic;

public sealed class PrimalityTestTests
{
    /// <summary>The least composites that are strong probable primes to the first 1 to 13 prime bases: OEIS A014233.</summary>
    public static TheoryData<string> LeastStrongPseudoprimes => new(
        "2047", "1373653", "25326001", "3215031751", "2152302898747", "3474749660383", "341550071728321",
        "3825123056546413051", "318665857834031151167461", "3317044064679887385961981");

    /// <summary>The first Carmichael numbers (OEIS A002997), and the least with 4 to 14 prime factors (OEIS A006931).</summary>
    public static TheoryData<string> CarmichaelNumbers => new(
        "561", "1105", "1729", "2465", "2821", "6601", "8911", "41041", "825265", "321197185", "5394826801", "232250619601", "9746347772161",
        "1436697831295441", "60977817398996785", "7156857700403137441", "1791562810662585767521", "87674969936234821377601");

    /// <summary>Next to the limits of 32, 63, 64 and 128 bits (https://t5k.org/lists/2small/0bit.html gives k for 2^n − k).</summary>
    public static TheoryData<string> KnownPrimes => new(
        "2", "3", "251", "257", "65521", "65537", "66047", "66067", "4294967291", "4294967311", "9223372036854775783", "9223372036854775837",
        "18446744073709551557", "18446744073709551629", "340282366920938463463374607431768211297", "340282366920938463463374607431768211507",
        "57896044618658097711785492504343953926634992332820282019728792003956564819949");

    public static TheoryData<int> MersenneExponents => new(2, 3, 5, 7, 13, 17, 19, 31, 61, 89, 107, 127, 521, 607, 1279, 2203, 3217);

    public static TheoryData<int> CompositeMersenneExponents => new(11, 23, 29, 37, 41, 43, 67, 71, 101, 257, 751, 1999, 3319);

    /// <summary>Products of two primes that no small prime divides: next to 2^32, 2^63, 2^64 and above.</summary>
    public static TheoryData<string, string> Semiprimes => new()
    {
        { "65521", "65537" },
        { "65537", "65537" },
        { "3037000493", "3037000493" },
        { "3037000493", "3037000507" },
        { "4294967291", "4294967291" },
        { "4294967291", "4294967279" },
        { "4294967291", "4294967311" },
        { "4294967311", "4294967311" },
        { "9223372036854775783", "9223372036854775837" },
        { "18446744073709551557", "18446744073709551557" },
        { "18446744073709551557", "18446744073709551629" },
    };

    [Fact]
    public void Agrees_with_a_sieve_up_to_ten_million()
    {
        const int bound = 10_000_000;
        var composite = new bool[bound + 1];
        composite[0] = composite[1] = true;
        for (var i = 2; i * i <= bound; i++)
        {
            for (var j = i * i; !composite[i] && j <= bound; j += i)
                composite[j] = true;
        }

        for (var i = 0; i <= bound; i++)
        {
            if (PrimalityTest.IsPrime((ulong)i) == composite[i])
                Assert.Fail($"{i} is {(composite[i] ? "composite" : "prime")}.");
        }
    }

    [Theory]
    [MemberData(nameof(LeastStrongPseudoprimes))]
    [MemberData(nameof(CarmichaelNumbers))]
    public void Knows_published_pseudoprimes_as_composite(string number) => Assert.False(IsPrime(number));

    [Theory]
    [MemberData(nameof(KnownPrimes))]
    public void Knows_published_primes(string number) => Assert.True(IsPrime(number));

    [Theory]
    [MemberData(nameof(MersenneExponents))]
    public void Knows_Mersenne_primes(int exponent) => Assert.True(PrimalityTest.IsPrime(BigInteger.Pow(2, exponent) - 1));

    [Theory]
    [MemberData(nameof(CompositeMersenneExponents))]
    public void Knows_composite_Mersenne_numbers(int exponent) => Assert.False(PrimalityTest.IsPrime(BigInteger.Pow(2, exponent) - 1));

    [Theory]
    [MemberData(nameof(Semiprimes))]
    public void Knows_products_of_two_primes(string one, string other)
    {
        Assert.True(IsPrime(one), one);
        Assert.True(IsPrime(other), other);
        Assert.False(PrimalityTest.IsPrime(Number(one) * Number(other)));
    }

    /// <summary>J. Chernick 1939: (6k+1)(12k+1)(18k+1) is a Carmichael number when the three are prime. Here they are too large for trial division.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(10_000_000)]
    [InlineData(1_000_000_000)]
    public void Knows_Carmichael_numbers_of_three_large_primes_as_composite(long from)
    {
        var found = 0;
        for (var k = from; found < 20; k++)
        {
            var factors = new ulong[] { (ulong)(6 * k + 1), (ulong)(12 * k + 1), (ulong)(18 * k + 1) };
            if (!Array.TrueForAll(factors, PrimalityTest.IsPrime))
                continue;
            found++;
            Assert.False(PrimalityTest.IsPrime((BigInteger)factors[0] * factors[1] * factors[2]), $"k = {k}");
        }
    }

    [Fact]
    public void Squares_of_large_primes_are_composite()
    {
        // No Lucas parameters exist for a square: the search for them has to notice.
        var prime = BigInteger.Pow(2, 521) - 1;
        Assert.False(PrimalityTest.IsPrime(prime * prime));
        Assert.False(PrimalityTest.IsPrime(BigInteger.Pow(1093, 30)));
    }

    [Fact]
    public void The_two_ways_of_testing_agree_on_either_side_of_2_to_the_64th()
    {
        var first = BigInteger.Pow(2, 64) - 2_001;
        for (var number = first; number < first + 4_002; number += 2)
        {
            var proved = true;
            foreach (var witness in (int[])[2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37])
                proved &= IsStrongProbablePrime(number, witness);
            Assert.Equal(proved, PrimalityTest.IsPrime(number));
        }
    }

    [Fact]
    public void Finds_the_least_prime_of_a_thousand_digits_at_10_to_the_999th_plus_7()
    {
        // https://t5k.org/curios: 10^999 + 7 is the smallest titanic prime.
        var bound = BigInteger.Pow(10, 999);
        Assert.True(PrimalityTest.IsPrime(bound + 7));
        Assert.All([1, 3, 5, 9, 11], offset => Assert.False(PrimalityTest.IsPrime(bound + offset)));
    }

    [Fact]
    public void Ends_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => PrimalityTest.IsPrime(BigInteger.Pow(2, 3217) - 1, cancelled.Token));
    }

    [Fact]
    public void Refuses_negative_numbers() => Assert.Throws<ArgumentOutOfRangeException>(() => PrimalityTest.IsPrime(BigInteger.MinusOne));

    private static bool IsPrime(string number) => PrimalityTest.IsPrime(Number(number));

    private static BigInteger Number(string number) => BigInteger.Parse(number, CultureInfo.InvariantCulture);

    private static bool IsStrongProbablePrime(BigInteger number, int witness)
    {
        var twos = (int)BigInteger.TrailingZeroCount(number - 1);
        var power = BigInteger.ModPow(witness, (number - 1) >> twos, number);
        for (var i = 0; i < twos; i++)
        {
            if (power == number - 1 || (i == 0 && power.IsOne))
                return true;
            power = power * power % number;
        }

        return false;
    }
}
