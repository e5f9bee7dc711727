namespace PrimeDeploy.Primes.Settings;

/// <summary>What the program can be.</summary>
/// <param name="Name">The first argument.</param>
/// <param name="Purpose">One sentence for the help.</param>
/// <param name="Settings">What it can be told.</param>
/// <param name="RunAsync">Checks the settings and, where they are free of problems, runs to the exit code.</param>
internal sealed record Role(string Name, string Purpose, IReadOnlyList<Setting> Settings, Func<SettingReader, Task<int>> RunAsync);
