namespace PrimeDeploy.Primes.Settings;

/// <summary>One thing that a role can be told: as <c>--name value</c>, <c>--name=value</c>, or by the environment.</summary>
/// <param name="Name">As on the command line, without the dashes.</param>
/// <param name="Value">What stands for the value in the help.</param>
/// <param name="Meaning">One sentence for the help, with unit and limits.</param>
/// <param name="Default">Null where the setting has to be given.</param>
internal sealed record Setting(string Name, string Value, string Meaning, string? Default)
{
    /// <summary>The variable that holds it where no argument does: <c>PRIMES_DRAIN_DELAY</c> for <c>--drain-delay</c>.</summary>
    internal string Variable { get; } = "PRIMES_" + Name.Replace('-', '_').ToUpperInvariant();
}
