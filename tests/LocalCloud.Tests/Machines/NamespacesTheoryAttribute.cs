using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <inheritdoc cref="NamespacesFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespacesTheoryAttribute : TheoryAttribute
{
    public NamespacesTheoryAttribute() => Skip = HostMachines.WhyNot(MachineInit.Light);
}
