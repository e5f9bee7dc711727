using System.Runtime.CompilerServices;

namespace Google.Cloud.Compute.V1;

/// <summary>What the overloads that take names ask of them. A request's own names are not looked at before it is sent.</summary>
internal static class Required
{
    /// <exception cref="ArgumentException">Null or empty.</exception>
    public static string Name(string value, [CallerArgumentExpression(nameof(value))] string parameter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, parameter);
        return value;
    }
}
