namespace PrimeDeploy.EndToEnd.Tests;

/// <summary>A test that boots machines: it needs root on Linux.</summary>
public sealed class MachinesFactAttribute : FactAttribute
{
    public MachinesFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Machines are Linux namespaces; this is not Linux.";
        else if (!Environment.IsPrivilegedProcess)
            Skip = "Machines are Linux namespaces, which need root; the tests do not run as root.";
    }
}
