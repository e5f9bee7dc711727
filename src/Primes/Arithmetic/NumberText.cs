namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>Which texts are numbers here: digits only, at most <see cref="MaxDigits"/> of them after leading zeros.</summary>
internal static class NumberText
{
    internal const int MaxDigits = 1_000;

    /// <summary>The digits without leading zeros (at least one digit), or null and one sentence that says what is wrong.</summary>
    internal static string? Read(ReadOnlySpan<char> text, out string? problem)
    {
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            problem = "The path must be one whole number from 0 up, written with the digits 0 to 9 and nothing else, such as /97.";
            return null;
        }

        var digits = text.TrimStart('0');
        if (digits.Length > MaxDigits)
        {
            problem = $"The number has {digits.Length} digits; at most {MaxDigits} are allowed.";
            return null;
        }

        problem = null;
        return digits.IsEmpty ? "0" : digits.ToString();
    }
}
