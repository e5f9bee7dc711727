using System.Reflection;
using PrimeDeploy.LocalCloud.Machines;
using Xunit.Sdk;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Has a theory boot its machines with this init; skipped with the reason where this host cannot do that.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class WithInitAttribute : DataAttribute
{
    public WithInitAttribute(MachineInit init) => (Init, Skip) = (init, HostMachines.WhyNot(init));

    public MachineInit Init { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Init]];
}
