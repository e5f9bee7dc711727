using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Tests.Arithmetic;

/// <summary>Each half of Baillie–PSW lets through exactly the composites that are published for it: so it is that test, and no weaker one.</summary>
public sealed class BailliePswTests
{
    private const int Bound = 100_000;

    /// <summary>OEIS A001262, below 100,000.</summary>
    private static readonly int[] StrongPseudoprimesToBase2 =
    [
        2047, 3277, 4033, 4681, 8321, 15841, 29341, 42799, 49141, 52633, 65281, 74665, 80581, 85489, 88357, 90751,
    ];

    /// <summary>OEIS A217719, below 100,000.</summary>
    private static readonly int[] ExtraStrongLucasPseudoprimes =
    [
        989, 3239, 5777, 10877, 27971, 29681, 30739, 31631, 39059, 72389, 73919, 75077,
    ];

    [Fact]
    public void The_strong_test_to_base_2_errs_only_where_it_is_published_to() =>
        Assert.Equal(StrongPseudoprimesToBase2, Errors(BailliePsw.IsStrongProbablePrimeToBase2));

    [Fact]
    public void The_extra_strong_Lucas_test_errs_only_where_it_is_published_to() =>
        Assert.Equal(ExtraStrongLucasPseudoprimes, Errors(BailliePsw.IsExtraStrongLucasProbablePrime));

    private static int[] Errors(Func<BigInteger, MontgomeryField, CancellationToken, bool> test)
    {
        var errors = new List<int>();
        for (var number = 101; number < Bound; number += 2)
        {
            var passes = test(number, new MontgomeryField(number), CancellationToken.None);
            if (passes != PrimalityTest.IsPrime((ulong)number))
                errors.Add(number);
        }

        return [.. errors];
    }
}
