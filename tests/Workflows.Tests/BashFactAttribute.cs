namespace PrimeDeploy.Workflows.Tests;

/// <summary>A test that executes a workflow's lines: they are bash, for Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BashFactAttribute : FactAttribute
{
    public BashFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "The workflows' jobs run on Linux; this is not Linux.";
    }
}
