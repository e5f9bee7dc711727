namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>
/// What the tests start as a process of its own, to kill it: <c>deploy|verify|teardown ENDPOINT FOLDER</c>. It ends with 0 when nothing failed.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var what, var endpoint, var folder]) return 2;
        var engine = new DeploymentEngine(CloudConnection.At(new Uri(endpoint)));
        var options = Workplace.OptionsIn(folder);
        var succeeded = what switch
        {
            "deploy" => (await engine.Start(PrimeService.Describe(options)).Completed).Succeeded,
            "verify" => await VerifyAsync(engine, PrimeService.Describe(options)),
            _ => (await engine.TeardownAsync(options)).Succeeded,
        };
        return succeeded ? 0 : 1;
    }

    /// <summary>Whether it came to an end: simulated machines answer nothing, and are not waited for.</summary>
    public static async Task<bool> VerifyAsync(DeploymentEngine engine, PrimeService service) =>
        (await engine.VerifyAsync(service, new VerificationOptions { Patience = TimeSpan.Zero })).Checks.Count > 0;
}
