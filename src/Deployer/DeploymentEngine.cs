namespace PrimeDeploy.Deployer;

/// <summary>
/// Makes a cloud agree with a deployment, proves that it serves, and takes it down again. Holds no state of its own: everything is read
/// from the cloud.
/// </summary>
/// <param name="cloud">Where to.</param>
/// <param name="progress">Told of everything as it happens, one event at a time, in the order in which they happen; must return
/// quickly.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class DeploymentEngine(CloudConnection cloud, IProgress<DeploymentEvent>? progress = null, TimeProvider? time = null)
{
    private readonly EventStream _events = new(progress, time ?? TimeProvider.System);

    /// <summary>Compares what is wanted with what is there, and changes nothing. Needs no lease: it may be asked at any time.</summary>
    /// <param name="deployment">What is wanted.</param>
    /// <param name="options">How to go about it; null for the whole deployment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DeploymentRefusedException">It could not be deployed: every reason that can be found without changing
    /// anything.</exception>
    /// <exception cref="CloudException">The cloud cannot be asked.</exception>
    public async Task<Plan> PlanAsync(Deployment deployment, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        var planner = new Planner(deployment, options.Steps, Api(deployment.Options), Seen(deployment, options));
        await planner.BeginAsync(cancellationToken);
        return (await planner.MakeAsync(cancellationToken)).Plan;
    }

    /// <summary>
    /// Begins to make the cloud agree with the deployment, and returns at once. The run goes on whether or not anyone awaits it. It fails
    /// with <see cref="LeaseHeldException"/> while another run works on the deployment.
    /// </summary>
    /// <param name="deployment">What is wanted.</param>
    /// <param name="options">How to go about it; null for the whole deployment, without waiting and without taking over.</param>
    /// <param name="cancellationToken">Stops it where it is; the next run goes on from there.</param>
    public DeploymentRun Start(Deployment deployment, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        DeploymentRun.Begin(
            deployment, options ?? new(), Api(deployment.Options), Seen(deployment, options ?? new()), _events, cancellationToken);

    /// <summary>
    /// Proves that the service serves: all backends healthy, right answers from inside the network, the public page right, and no answer
    /// where the firewall says no. Makes a test instance for it and deletes it again, also when it fails or is cancelled.
    /// </summary>
    /// <param name="service">What was deployed.</param>
    /// <param name="run">The run that deployed it, completed for all of its resources; what it saw is not read again, and the lease that
    /// it kept is given back.</param>
    /// <param name="options">What to verify; null for everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LeaseHeldException">The run did not keep its lease, and another run works on the deployment.</exception>
    public async Task<VerificationReport> VerifyAsync(
        PrimeService service, DeploymentRun run, VerificationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var api = Api(service.Options);
        try
        {
            return run.Lease is null
                ? await VerifyLeasedAsync(service, run.Seen, options ?? new(), cancellationToken)
                : await new Verifier(service, run.Seen, run.TestMachine ?? new(service.Parts.TestInstance, run.Seen, api), api, _events, options ?? new())
                    .VerifyAsync(cancellationToken);
        }
        finally
        {
            await run.ReleaseLeaseAsync();
        }
    }

    /// <summary>The same for a deployment that runs already, whoever deployed it. Changes nothing but for the test instance.</summary>
    /// <param name="service">What was deployed.</param>
    /// <param name="options">What to verify; null for everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DeploymentRefusedException">It is not there, or not as a whole: everything that is missing but firewall rules.</exception>
    /// <exception cref="LeaseHeldException">Another run works on the deployment.</exception>
    /// <exception cref="CloudException">The cloud cannot be asked.</exception>
    public async Task<VerificationReport> VerifyAsync(
        PrimeService service, VerificationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var seen = Seen(service, new());
        var api = Api(service.Options);
        var planner = new Planner(service, null, api, seen);
        await planner.BeginAsync(cancellationToken);
        await planner.FindAsync(new Inventory(api, cancellationToken));
        // What a missing firewall rule does is what the verification shows.
        var missing = service.Resources.Where(resource => resource is not (BucketObject or FirewallRule) && seen[resource] is null).ToList();
        if (missing.Count > 0)
            throw new DeploymentRefusedException(missing.Select(resource => $"{resource} is not there. Deploy first.").ToList());
        return await VerifyLeasedAsync(service, seen, options ?? new(), cancellationToken);
    }

    /// <summary>
    /// Deletes everything that bears the deployment's mark, in parallel, whoever made it. Succeeds when nothing is there.
    /// </summary>
    /// <param name="options">Which deployment; only its name, project, zone, network and bucket are looked at. The zone is only needed for a
    /// deployment whose bucket is gone: otherwise the bucket says it.</param>
    /// <param name="run">Whether to wait while another run works on the deployment; null for not.</param>
    /// <param name="cancellationToken">Stops it where it is; the next teardown goes on from there.</param>
    /// <exception cref="LeaseHeldException">Another run works on the deployment.</exception>
    /// <exception cref="DeploymentRefusedException">There is no such place.</exception>
    public async Task<TeardownReport> TeardownAsync(
        DeploymentOptions options, RunOptions? run = null, CancellationToken cancellationToken = default) =>
        (await TeardownAsync(options, run ?? new(), _ => true, cancellationToken))!;

    /// <summary>All deployments of the project: with whoever made them, how they are and what they cost. Changes nothing.</summary>
    /// <param name="place">Where to look: the project, and the zone for deployments that lost their bucket.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CloudException">The cloud cannot be asked.</exception>
    public Task<IReadOnlyList<DeploymentStatus>> StatusAsync(DeploymentOptions place, CancellationToken cancellationToken = default) =>
        new Survey(cloud, place, _events).MakeAsync(cancellationToken);

    /// <summary>
    /// Tears down every deployment of the project whose time to live is over, side by side, and no other. A failure of one does not stop the
    /// others.
    /// </summary>
    /// <param name="place">Where to look: the project, and the zone for deployments that lost their bucket.</param>
    /// <param name="run">Whether to wait while another run works on one of them; null for not.</param>
    /// <param name="cancellationToken">Stops it where it is.</param>
    /// <exception cref="CloudException">The cloud cannot be asked what is there.</exception>
    public async Task<IReadOnlyList<ExpiredDeployment>> TeardownExpiredAsync(
        DeploymentOptions place, RunOptions? run = null, CancellationToken cancellationToken = default)
    {
        var now = _events.Time.GetUtcNow();
        var over = (await StatusAsync(place, cancellationToken)).Where(status => status.IsExpired(now));
        var all = await Task.WhenAll(over.Select(async status =>
        {
            var options = place with { Name = status.Name, Zone = status.Zone, Bucket = status.Bucket };
            try
            {
                // Under the lease: whoever deployed it anew meanwhile has given it more time.
                var report = await TeardownAsync(options, run ?? new(), mark => mark is null || mark.Expires <= now, cancellationToken);
                return report is null ? null : new ExpiredDeployment(status.Name, status.Expires!.Value, report, null);
            }
            catch (Exception problem) when (problem is CloudException or LeaseHeldException or DeploymentRefusedException)
            {
                return new ExpiredDeployment(status.Name, status.Expires!.Value, null, problem.Message);
            }
        }));
        return [.. all.OfType<ExpiredDeployment>()];
    }

    /// <param name="options">Which deployment.</param>
    /// <param name="run">How.</param>
    /// <param name="isWanted">Asked under the lease, with the bucket's mark.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when it is not wanted.</returns>
    private async Task<TeardownReport?> TeardownAsync(
        DeploymentOptions options, RunOptions run, Func<OwnershipMark?, bool> isWanted, CancellationToken cancellationToken)
    {
        if (options.ValidateTarget() is { Count: > 0 } problems) throw new DeploymentRefusedException(problems);
        var bucket = await Bucket.FindAsync(Api(options), cancellationToken);
        var isOurs = OwnershipMark.Parse(bucket?.Labels)?.Deployment == options.Name;
        if (isOurs && Bucket.ZoneOf(bucket!) is { } zone) options = options with { Zone = zone };
        var api = Api(options);
        if ((await ZoneCheck.RunAsync(api, cancellationToken)).Problem is { } unknown) throw new DeploymentRefusedException([unknown]);

        await using var lease = await Leases.AcquireInAsync(bucket, api, options, "teardown", run.Wait, _events, cancellationToken);
        if (isOurs) bucket = await Bucket.FindAsync(api, cancellationToken);
        if (!isWanted(OwnershipMark.Parse(bucket?.Labels))) return null;
        var report = await new Teardown(options, api, _events).RunAsync(cancellationToken);
        if (report.Succeeded) lease?.Forget();
        return report;
    }

    private async Task<VerificationReport> VerifyLeasedAsync(
        PrimeService service, Observed seen, VerificationOptions options, CancellationToken cancellationToken)
    {
        var api = Api(service.Options);
        var bucket = await Bucket.FindAsync(api, cancellationToken);
        await using var lease = await Leases.AcquireInAsync(
            bucket, api, service.Options, "verification", options.Wait, _events, cancellationToken);
        return await new Verifier(service, seen, new(service.Parts.TestInstance, seen, api), api, _events, options).VerifyAsync(cancellationToken);
    }

    private CloudApi Api(DeploymentOptions options) => new(cloud, options, _events);

    private Observed Seen(Deployment deployment, RunOptions options) =>
        new(deployment, _events.Time.GetUtcNow() + deployment.Options.TimeToLive) { Adopt = options.Adopt };
}
