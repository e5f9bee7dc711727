using System.Reflection;
using PrimeDeploy.LocalCloud.Machines;
using Xunit.Sdk;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Has a theory boot its machines with this init; skipped with the reason where this host cannot do that, or cannot limit machines.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class WithLimitsAttribute : DataAttribute
{
    public WithLimitsAttribute(MachineInit init) => (Init, Skip) = (init, HostMachines.WhyNotLimited(init));

    public MachineInit Init { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Init]];
}
