using System.Reflection;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Clients;
using Xunit.Sdk;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Has a theory boot its machines with this init; skipped with the reason where this host cannot do that, or lacks a program that the test needs.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class WithInitAttribute : DataAttribute
{
    public WithInitAttribute(MachineInit init, params string[] programs)
    {
        Init = init;
        Programs = programs;
        var missing = programs.Where(program => ClientProgram.Find(program) is null).ToList();
        Skip = missing.Count > 0 ? $"Not installed: {string.Join(", ", missing)}." : HostMachines.WhyNot(init);
    }

    public string[] Programs { get; }

    public MachineInit Init { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Init]];
}
