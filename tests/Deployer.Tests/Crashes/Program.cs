namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>
/// What the tests start as a process of its own, to kill it: <c>deploy|verify|teardown FOLDER ENDPOINT…</c>, a run for each endpoint, all at once. It
/// says of each how it ended: the endpoint and <see cref="Succeeded"/>, or what went wrong.
/// </summary>
internal static class Program
{
    public const string Succeeded = "succeeded";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var what, var folder, .. { Length: > 0 } endpoints]) return 2;
        await Task.WhenAll(endpoints.Select(async endpoint => Console.WriteLine($"{endpoint} {await EndAsync(what, new Uri(endpoint), folder)}")));
        return 0;
    }

    /// <summary>Whether it came to an end, with a test instance that is made on the way.</summary>
    public static async Task<bool> DeployAsync(DeploymentEngine engine, PrimeService service)
    {
        var run = engine.Start(service, new() { KeepLease = true, PrepareTest = true });
        return (await run.Completed).Succeeded
            && (await engine.VerifyAsync(service, run, new VerificationOptions { Patience = TimeSpan.Zero })).Checks.Count > 0;
    }

    /// <summary>Whether it came to an end: simulated machines answer nothing, and are not waited for.</summary>
    public static async Task<bool> VerifyAsync(DeploymentEngine engine, PrimeService service) =>
        (await engine.VerifyAsync(service, new VerificationOptions { Patience = TimeSpan.Zero })).Checks.Count > 0;

    private static async Task<string> EndAsync(string what, Uri endpoint, string folder)
    {
        var engine = new DeploymentEngine(CloudConnection.At(endpoint));
        var options = Workplace.OptionsIn(folder);
        try
        {
            var succeeded = what switch
            {
                "deploy" => await DeployAsync(engine, PrimeService.Describe(options)),
                "verify" => await VerifyAsync(engine, PrimeService.Describe(options)),
                _ => (await engine.TeardownAsync(options)).Succeeded,
            };
            return succeeded ? Succeeded : $"{what} failed";
        }
        catch (Exception problem) when (problem is CloudException or DeploymentRefusedException or LeaseHeldException)
        {
            return problem.Message.ReplaceLineEndings(" ");
        }
    }
}
