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

    /// <summary>Compares what is wanted with what is there, and changes nothing.</summary>
    /// <param name="deployment">What is wanted.</param>
    /// <param name="steps">Only these tasks of the lab and what they depend on; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DeploymentRefusedException">It could not be deployed: every reason that can be found without changing
    /// anything.</exception>
    /// <exception cref="CloudException">The cloud cannot be asked.</exception>
    public async Task<Plan> PlanAsync(
        Deployment deployment, IReadOnlySet<Step>? steps = null, CancellationToken cancellationToken = default)
    {
        var planner = new Planner(deployment, steps, Api(deployment.Options), Seen(deployment));
        return (await planner.MakeAsync(cancellationToken)).Plan;
    }

    /// <summary>
    /// Begins to make the cloud agree with the deployment, and returns at once. The run goes on whether or not anyone awaits it.
    /// </summary>
    /// <param name="deployment">What is wanted.</param>
    /// <param name="steps">Only these tasks of the lab and what they depend on; null for all.</param>
    /// <param name="cancellationToken">Stops it where it is; the next run goes on from there.</param>
    public DeploymentRun Start(Deployment deployment, IReadOnlySet<Step>? steps = null, CancellationToken cancellationToken = default) =>
        DeploymentRun.Begin(deployment, steps, Api(deployment.Options), Seen(deployment), _events, cancellationToken);

    /// <summary>
    /// Proves that the service serves: all backends healthy, right answers from inside the network, the public page right, and no answer
    /// where the firewall says no. Makes a test instance for it and deletes it again, also when it fails or is cancelled.
    /// </summary>
    /// <param name="service">What was deployed.</param>
    /// <param name="run">The run that deployed it, completed for all of its resources; what it saw is not read again.</param>
    /// <param name="options">What to verify; null for everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<VerificationReport> VerifyAsync(
        PrimeService service, DeploymentRun run, VerificationOptions? options = null, CancellationToken cancellationToken = default) =>
        new Verifier(service, run.Seen, Api(service.Options), _events, options ?? new()).VerifyAsync(cancellationToken);

    /// <summary>
    /// Deletes everything that bears the deployment's mark, in parallel, whoever made it. Succeeds when nothing is there.
    /// </summary>
    /// <param name="options">Which deployment; only its name, project, zone, network and bucket are looked at.</param>
    /// <param name="cancellationToken">Stops it where it is; the next teardown goes on from there.</param>
    public Task<TeardownReport> TeardownAsync(DeploymentOptions options, CancellationToken cancellationToken = default) =>
        new Teardown(options, Api(options), _events).RunAsync(cancellationToken);

    private CloudApi Api(DeploymentOptions options) => new(cloud, options.Project, options.Region, options.Zone, _events);

    private Observed Seen(Deployment deployment) => new(deployment, _events.Time.GetUtcNow() + deployment.Options.TimeToLive);
}
