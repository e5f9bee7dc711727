namespace PrimeDeploy.Deployer;

/// <summary>Runs all checks of the service at once and collects what came.</summary>
/// <param name="service">What was deployed.</param>
/// <param name="seen">What is there of it.</param>
/// <param name="machine">The test instance, perhaps being made already.</param>
/// <param name="api">The cloud.</param>
/// <param name="events">Told of each check.</param>
/// <param name="options">What to verify.</param>
internal sealed class Verifier(
    PrimeService service, Observed seen, TestMachine machine, CloudApi api, EventStream events, VerificationOptions options)
{
    /// <summary>Completes when the test instance is on its way down.</summary>
    public async Task<VerificationReport> VerifyAsync(CancellationToken cancellationToken)
    {
        var start = events.Time.GetTimestamp();
        var parts = service.Parts;
        var size = service.Options.Size;
        var frontend = seen[parts.Frontend] is { } found ? parts.Frontend.UriOf(found) : null;
        using var outside = new Outside();

        var evidence = new Evidence(parts, seen, api);
        var backends = new BackendChecks(parts, evidence, api, size, options.Patience);
        List<Task<IReadOnlyList<Check>>> checks = [GuardAsync(Checkpoint.BackendGroup, async () =>
            [Report(await backends.RunningAsync(cancellationToken))])];
        if (options.SkipService is { } reason)
        {
            checks.Add(Task.FromResult<IReadOnlyList<Check>>([.. Skipped(frontend, reason).Select(Report)]));
        }
        else
        {
            var test = new TestInstanceChecks(machine, parts, seen, evidence, api, outside, size, options.Patience);
            var pages = new FrontendChecks(frontend, evidence, api, outside, options.Patience);
            checks.Add(GuardAsync(Checkpoint.BackendGroup, async () => [Report(await backends.HealthyAsync(cancellationToken))]));
            checks.Add(GuardAsync(Checkpoint.TestInstance, async () => [.. (await test.RunAsync(cancellationToken)).Select(Report)]));
            checks.Add(GuardAsync(Checkpoint.Frontend, async () => [Report(await pages.PageAsync("/", 1, cancellationToken))]));
            checks.Add(GuardAsync(Checkpoint.Frontend, async () => [Report(await pages.PageAsync("/10000", 10000, cancellationToken))]));
        }

        IReadOnlyList<Check> all = [], undeleted;
        try
        {
            all = [.. (await Task.WhenAll(checks)).SelectMany(some => some).OrderBy(check => check.Checkpoint)];
        }
        finally
        {
            undeleted = await GuardAsync(Checkpoint.TestInstance, async () =>
            {
                await machine.DeleteAsync(cancellationToken);
                return [];
            });
        }
        var report = new VerificationReport([.. all, .. undeleted], frontend, events.Time.GetElapsedTime(start));
        events.Report(at => new VerificationFinished(at, report));
        return report;
    }

    /// <summary>A check that cannot be made is a failed one; the others go on.</summary>
    private async Task<IReadOnlyList<Check>> GuardAsync(Checkpoint checkpoint, Func<Task<IReadOnlyList<Check>>> check)
    {
        try
        {
            return await check();
        }
        catch (CloudException exception)
        {
            return [Report(new(checkpoint, exception.Error.Call, "the API", "done", exception.Message, CheckResult.Failed))];
        }
    }

    private Check Report(Check check)
    {
        events.Report(at => new CheckFinished(at, check));
        return check;
    }

    private static IReadOnlyList<Check> Skipped(Uri? frontend, string reason) =>
    [
        new(Checkpoint.BackendGroup, "health of the backends", "the API", "all HEALTHY", reason, CheckResult.Skipped),
        new(Checkpoint.InternalLoadBalancer, "every backend through the load balancer", "the test instance", "every one answers", reason,
            CheckResult.Skipped),
        new(Checkpoint.TestInstance, "the load balancer, and the test instance from outside", "the test instance",
            "right answers inside, none outside", reason, CheckResult.Skipped),
        new(Checkpoint.Frontend, $"GET {frontend}", "outside", "a right page", reason, CheckResult.Skipped),
    ];
}
