using System.Reflection;
using Xunit.Sdk;

namespace PrimeDeploy.Build.Tests.Scripts;

/// <summary>Runs the test with each script that this system can run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EachScriptAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        OperatingSystem.IsLinux() ? [["build.sh"], ["build.ps1"]] : [["build.ps1"]];
}
