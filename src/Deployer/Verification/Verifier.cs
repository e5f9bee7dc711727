namespace PrimeDeploy.Deployer;

/// <summary>Runs all checks of the service at once and collects what came.</summary>
internal sealed class Verifier(PrimeService service, Observed seen, CloudApi api, EventStream events, VerificationOptions options)
{
    public async Task<VerificationReport> VerifyAsync(CancellationToken cancellationToken)
    {
        var start = events.Time.GetTimestamp();
        var parts = service.Parts;
        var size = service.Options.Size;
        var frontend = seen[parts.Frontend] is { } found ? parts.Frontend.UriOf(found) : null;
        using var outside = new Outside();

        var backends = new BackendChecks(parts, api, size, options.Patience);
        List<Task<IReadOnlyList<Check>>> checks = [ReportAsync(backends.RunningAsync(cancellationToken))];
        if (options.SkipService is { } reason)
        {
            checks.Add(ReportAsync(Task.FromResult(Skipped(frontend, reason))));
        }
        else
        {
            checks.Add(ReportAsync(backends.HealthyAsync(cancellationToken)));
            checks.Add(ReportAsync(new TestInstanceChecks(parts, seen, api, outside, size, options.Patience).RunAsync(cancellationToken)));
            checks.Add(frontend is null
                ? ReportAsync(Task.FromResult(new Check(Checkpoint.Frontend, "the page", "outside", "an external address", "it has none", CheckResult.Failed)))
                : PagesAsync(new FrontendChecks(parts, frontend, api, outside, options.Patience), cancellationToken));
        }

        try
        {
            var all = (await Task.WhenAll(checks)).SelectMany(some => some).OrderBy(check => check.Checkpoint).ToList();
            return new(all, frontend, events.Time.GetElapsedTime(start));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or DeploymentRefusedException))
        {
            throw exception as CloudException ?? new CloudException(CloudErrors.Of("verify", exception), exception);
        }
    }

    private async Task<IReadOnlyList<Check>> PagesAsync(FrontendChecks pages, CancellationToken cancellationToken)
    {
        var first = ReportAsync(pages.PageAsync("/", 1, cancellationToken));
        var later = ReportAsync(pages.PageAsync("/10000", 10000, cancellationToken));
        return [.. await first, .. await later];
    }

    private static IReadOnlyList<Check> Skipped(Uri? frontend, string reason) =>
    [
        new(Checkpoint.BackendGroup, "health of the backends", "the API", "all HEALTHY", reason, CheckResult.Skipped),
        new(Checkpoint.InternalLoadBalancer, "every backend through the load balancer", "the test instance", "every one answers", reason, CheckResult.Skipped),
        new(Checkpoint.TestInstance, "the load balancer, and the test instance from outside", "the test instance", "right answers inside, none outside", reason, CheckResult.Skipped),
        new(Checkpoint.Frontend, $"GET {frontend}", "outside", "a right page", reason, CheckResult.Skipped),
    ];

    private async Task<IReadOnlyList<Check>> ReportAsync(Task<Check> check) => await ReportAsync(Listed(check));

    private async Task<IReadOnlyList<Check>> ReportAsync(Task<IReadOnlyList<Check>> checks)
    {
        var done = await checks;
        foreach (var check in done) events.Report(at => new CheckFinished(at, check));
        return done;
    }

    private static async Task<IReadOnlyList<Check>> Listed(Task<Check> check) => [await check];
}
