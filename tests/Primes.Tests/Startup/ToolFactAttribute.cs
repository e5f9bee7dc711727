namespace PrimeDeploy.Primes.Tests.Startup;

/// <summary>A fact that is skipped, with the reason, where a program it needs is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] programs) => Skip = Scripts.Missing(programs);
}
