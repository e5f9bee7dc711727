namespace PrimeDeploy.Build.Tests.Scripts;

/// <summary>A test of build.sh: skipped where the system has no bash of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "build.sh is for Linux and macOS; its system packages and GNU tools are Linux's.";
    }
}
