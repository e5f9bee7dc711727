namespace PrimeDeploy.Primes.Frontend;

/// <summary>What is known of one number.</summary>
/// <param name="IsPrime">Null where no backend could be asked in time.</param>
/// <param name="ServedBy">The machine that answered, as it says itself; null where it did not say.</param>
internal readonly record struct Answer(bool? IsPrime, string? ServedBy)
{
    internal static Answer Unknown => default;
}
