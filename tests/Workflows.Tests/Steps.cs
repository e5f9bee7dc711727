namespace PrimeDeploy.Workflows.Tests;

internal static class Steps
{
    /// <summary>Runs of the build keep their pages and logs in one folder of the checkout.</summary>
    public const string OneAtATime = "steps";
}
