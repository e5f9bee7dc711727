using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;

namespace PrimeDeploy.Primes.Backend;

/// <summary>
/// Tests small numbers where the request is, and large ones (which take up to a tenth of a second) aside and few at a time,
/// so that small ones are answered at once beside them.
/// </summary>
internal sealed class PrimeCalculator(int processors) : IDisposable
{
    /// <summary>Up to here (2^256) a test takes less than handing it over to another thread is worth: some 50 µs.</summary>
    private const int QuickDigits = 77;

    // One processor stays free for the small ones, where there is more than one.
    private readonly SemaphoreSlim large = new(Math.Max(1, processors - 1));

    /// <param name="digits">Decimal digits without leading zeros.</param>
    /// <param name="cancellation">Ends the waiting and the work, when nobody wants the answer any more.</param>
    internal ValueTask<bool> IsPrimeAsync(string digits, CancellationToken cancellation)
    {
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var small))
            return new(PrimalityTest.IsPrime(small));

        return digits.Length <= QuickDigits ? new(PrimalityTest.IsPrime(Parse(digits), cancellation)) : new(IsLargePrimeAsync(digits, cancellation));
    }

    public void Dispose() => large.Dispose();

    private async Task<bool> IsLargePrimeAsync(string digits, CancellationToken cancellation)
    {
        await large.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => PrimalityTest.IsPrime(Parse(digits), cancellation), cancellation);
        }
        finally
        {
            large.Release();
        }
    }

    private static BigInteger Parse(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
