using PrimeDeploy.Deployer;

namespace PrimeDeploy.Reporting.Tests;

internal static class Plans
{
    public static Plan Of(Deployer.Deployment deployment, IReadOnlyList<PlannedChange> changes) => new(deployment, changes, []);
}
