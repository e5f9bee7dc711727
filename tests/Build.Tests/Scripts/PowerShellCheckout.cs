namespace PrimeDeploy.Build.Tests.Scripts;

/// <summary>The same, and what is run is its build.ps1.</summary>
public sealed class PowerShellCheckout : SmallCheckout
{
    private static readonly string PowerShell = AppContext.BaseDirectory.Replace("Build.Tests", "PowerShell", StringComparison.Ordinal) + "PrimeDeploy.PowerShell.dll";

    // By its path: a PATH without dotnet is what some tests are about.
    protected override IReadOnlyList<string> Script(string root) => [Environment.ProcessPath!, PowerShell, Path.Combine(root, "build.ps1")];

    // It calls no other program.
    public override string PathWithoutSdk() => Path.GetTempPath();
}
