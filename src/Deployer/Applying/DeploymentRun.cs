namespace PrimeDeploy.Deployer;

/// <summary>
/// An apply under way. Every resource is worked on as soon as what it depends on is there; each has a completion of its own that can be
/// awaited, before or after it ends.
/// </summary>
public sealed class DeploymentRun
{
    private readonly IReadOnlyDictionary<Resource, ResourceRun> _runs;
    private readonly TaskCompletionSource<Plan> _planned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DeploymentRun(Deployment deployment, Planner planner, Observed seen)
    {
        Deployment = deployment;
        Seen = seen;
        _runs = planner.Selected.ToDictionary(resource => resource, resource => new ResourceRun(resource));
    }

    /// <summary>What is deployed.</summary>
    public Deployment Deployment { get; }

    /// <summary>
    /// The resources that this run is about: those of the wanted steps and all that they depend on, in the order of the graph.
    /// </summary>
    public IReadOnlyList<Resource> Resources => [.. Deployment.Resources.Where(_runs.ContainsKey)];

    /// <summary>
    /// What is going to be done. Fails with <see cref="DeploymentRefusedException"/> or <see cref="CloudException"/> when nothing is.
    /// </summary>
    public Task<Plan> Planned => _planned.Task;

    /// <summary>
    /// Completes when everything that could be done is done. Failed resources are in the report; it only fails when nothing was begun, or
    /// on cancellation.
    /// </summary>
    public Task<ApplyReport> Completed { get; private set; } = null!;

    internal Observed Seen { get; }

    /// <summary>Completes when the resource is as it is wanted and at rest: a group's machines run.</summary>
    /// <exception cref="ResourceFailedException">It could not be made so.</exception>
    /// <exception cref="ResourceBlockedException">It was not touched because of another's failure.</exception>
    /// <exception cref="ArgumentException">The run is not about this resource.</exception>
    public Task<ResourceOutcome> Completion(Resource resource) =>
        _runs.TryGetValue(resource, out var run)
            ? run.Completed : throw new ArgumentException($"{resource} is not part of this run.", nameof(resource));

    /// <summary>
    /// The same for all resources of a step. Waits for all of them, also when one fails, and then fails as the first that failed.
    /// </summary>
    public async Task<IReadOnlyList<ResourceOutcome>> Completion(Step step) =>
        await Task.WhenAll(Resources.Where(resource => resource.Step == step).Select(Completion));

    internal static DeploymentRun Begin(
        Deployment deployment, IReadOnlySet<Step>? steps, CloudApi api, Observed seen, EventStream events,
            CancellationToken cancellationToken)
    {
        var planner = new Planner(deployment, steps, api, seen);
        var run = new DeploymentRun(deployment, planner, seen);
        run.Completed = Task.Run(() => run.ApplyAsync(planner, api, events, cancellationToken), CancellationToken.None);
        return run;
    }

    private async Task<ApplyReport> ApplyAsync(Planner planner, CloudApi api, EventStream events, CancellationToken cancellationToken)
    {
        var start = events.Time.GetTimestamp();
        PlanInDetail plan;
        try
        {
            plan = await planner.MakeAsync(cancellationToken);
        }
        catch (Exception refused)
        {
            foreach (var run in _runs.Values) run.Refuse(refused);
            _planned.SetException(refused);
            _ = _planned.Task.Exception;
            throw;
        }
        events.Report(at => new PlanMade(at, plan.Plan));
        _planned.SetResult(plan.Plan);

        var applier = new Applier(_runs, plan, api, Seen, events);
        await Task.WhenAll(Resources.Select(resource => applier.CarryOutAsync(resource, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();

        var ended = Resources.Select(resource => _runs[resource].Completed).ToList();
        var failures = ended.Select(task => task.Exception?.InnerException).ToList();
        return new(
            [.. ended.Where(task => task.IsCompletedSuccessfully).Select(task => task.Result)],
            [.. failures.OfType<ResourceFailedException>()],
            [.. failures.OfType<ResourceBlockedException>().Select(blocked => blocked.Resource)],
            events.Time.GetElapsedTime(start));
    }
}
