using PrimeDeploy.Build.Reporting;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>A test that executes the lab as it is, with machines that boot and a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute() => Skip = new NamespacesFactAttribute().Skip
        ?? (Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => Browser.Names.Any(browser => File.Exists(Path.Combine(folder, browser))))
            ? null
            : "There is no Chromium here to take the frontend's picture.");
}
