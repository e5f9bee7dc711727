namespace PrimeDeploy.Deployer;

/// <summary>The library's own idea of primes, made apart from the program that it verifies.</summary>
internal static class SmallPrimes
{
    /// <summary>By trial division: for the few thousand that verification asks about.</summary>
    public static bool IsPrime(int number)
    {
        if (number < 2) return false;
        for (var divisor = 2; (long)divisor * divisor <= number; divisor++)
            if (number % divisor == 0) return false;
        return true;
    }
}
