namespace PrimeDeploy.Primes.Arithmetic;

/// <summary>Which texts are numbers here: digits only, at most <see cref="MaxDigits"/> of them after leading zeros.</summary>
internal static class NumberText
{
    internal const int MaxDigits = 1_000;

    /// <summary>Has the digits without leading zeros (at least one digit), or one sentence that says what is wrong with the <paramref name="subject"/>.</summary>
    internal static bool TryRead(string subject, ReadOnlySpan<char> text, out ReadOnlySpan<char> digits, out string? problem)
    {
        digits = default;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            problem = $"{subject} must be one whole number from 0 up, written with the digits 0 to 9 and nothing else, such as 97.";
            return false;
        }

        var significant = text.TrimStart('0');
        if (significant.Length > MaxDigits)
        {
            problem = $"{subject} is a number of {significant.Length} digits; at most {MaxDigits} are allowed.";
            return false;
        }

        problem = null;
        digits = significant.IsEmpty ? "0" : significant;
        return true;
    }
}
