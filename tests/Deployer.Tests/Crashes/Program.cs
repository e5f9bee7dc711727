namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>
/// What the tests start as a process of its own, to kill it: <c>deploy|teardown ENDPOINT FOLDER</c>. It ends with 0 when nothing failed.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var what, var endpoint, var folder]) return 2;
        var engine = new DeploymentEngine(CloudConnection.At(new Uri(endpoint)));
        var options = Workplace.OptionsIn(folder);
        var succeeded = what == "deploy"
            ? (await engine.Start(PrimeService.Describe(options)).Completed).Succeeded
            : (await engine.TeardownAsync(options)).Succeeded;
        return succeeded ? 0 : 1;
    }
}
