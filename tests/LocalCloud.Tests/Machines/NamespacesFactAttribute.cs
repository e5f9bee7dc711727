using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>A test that boots real machines; skipped with the reason where this host cannot make them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespacesFactAttribute : FactAttribute
{
    public NamespacesFactAttribute() => Skip = HostMachines.WhyNot(MachineInit.Light);
}
