namespace PrimeDeploy.Deployer;

/// <summary>One thing that is wrong with the settings, worded for the person who set it.</summary>
/// <param name="Setting">The setting as it is written on the command line, without dashes: <c>size</c>, <c>machine-type</c>.</param>
/// <param name="Value">What it was set to; null when it is not set.</param>
/// <param name="Message">What is wrong, and what is allowed, in whole sentences.</param>
public sealed record SettingProblem(string Setting, string? Value, string Message)
{
    /// <summary>The line to print: <c>size: '0' is …</c>.</summary>
    public override string ToString() => Value is null ? $"{Setting}: {Message}" : $"{Setting}: '{Value}' {Message}";
}
