namespace PrimeDeploy.Deployer;

/// <summary>How a check ended.</summary>
public enum CheckResult
{
    /// <summary>What came is what has to come.</summary>
    Passed,

    /// <summary>Something else came, or nothing.</summary>
    Failed,

    /// <summary>Not done, for a reason that <see cref="Check.Answer"/> gives.</summary>
    Skipped,
}

/// <summary>The lab's four checkpoints.</summary>
public enum Checkpoint
{
    /// <summary>The group's machines run and are healthy.</summary>
    BackendGroup,

    /// <summary>The load balancer answers, and every backend behind it.</summary>
    InternalLoadBalancer,

    /// <summary>A machine inside the network gets right answers, and is not reachable from outside.</summary>
    TestInstance,

    /// <summary>The public page is right.</summary>
    Frontend,
}

/// <summary>One proof that the service serves.</summary>
/// <param name="Checkpoint">Which of the lab's checkpoints it belongs to.</param>
/// <param name="Asked">What was asked: "GET http://10.138.0.10/2".</param>
/// <param name="From">From where: "testinstance", "the internet", "the API".</param>
/// <param name="Expected">What has to come.</param>
/// <param name="Answer">What came; the reason when it was skipped.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Evidence">When it failed: what helps to find out why, such as the end of a machine's serial output; otherwise null.</param>
public sealed record Check(Checkpoint Checkpoint, string Asked, string From, string Expected, string Answer, CheckResult Result,
    string? Evidence = null);

/// <summary>What was proved.</summary>
/// <param name="Checks">All checks, by checkpoint.</param>
/// <param name="Frontend">Where the service can be opened; null when the frontend has no external address.</param>
/// <param name="Duration">From start to end, with the test instance deleted.</param>
public sealed record VerificationReport(IReadOnlyList<Check> Checks, Uri? Frontend, TimeSpan Duration)
{
    /// <summary>Whether no check failed. Skipped checks do not fail.</summary>
    public bool Succeeded => Checks.All(check => check.Result is not CheckResult.Failed);
}

/// <summary>What to verify.</summary>
public sealed record VerificationOptions
{
    /// <summary>
    /// Why the service itself cannot be asked, for example because the machines are simulated; null to ask it. Resources are verified all
    /// the same.
    /// </summary>
    public string? SkipService { get; init; }

    /// <summary>Waits while another run works on the deployment, instead of failing with <see cref="LeaseHeldException"/>.</summary>
    public bool Wait { get; init; }

    /// <summary>
    /// How long the machines may take until they serve. On Google Cloud a machine boots and fetches its program in 30 to 120 s.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);
}
