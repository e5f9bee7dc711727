namespace PrimeDeploy.Primes.Frontend;

/// <summary>Some numbers that follow each other, which are asked for together, and what is known of them.</summary>
/// <param name="Numbers">In decimal, ascending.</param>
/// <param name="ArePrime">One per number; null where no backend could be asked in time.</param>
/// <param name="ServedBy">The machine that answered, as it says itself; null where it did not say.</param>
internal sealed record Row(IReadOnlyList<string> Numbers, IReadOnlyList<bool>? ArePrime = null, string? ServedBy = null);
