namespace PrimeDeploy.Deployer;

/// <summary>
/// An apply under way. Every resource is worked on as soon as what it depends on is there; each has a completion of its own that can be
/// awaited, before or after it ends.
/// </summary>
public sealed class DeploymentRun
{
    private readonly IReadOnlyDictionary<Resource, ResourceRun> _runs;
    private readonly TaskCompletionSource<Plan> _planned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationToken _cancellation;

    private DeploymentRun(Deployment deployment, Planner planner, Observed seen, CancellationToken cancellation)
    {
        _cancellation = cancellation;
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

    /// <summary>Kept beyond the end of the apply when that was asked for.</summary>
    internal Lease? Lease { get; private set; }

    /// <summary>The test instance that <see cref="RunOptions.PrepareTest"/> asked for; null when none is being made.</summary>
    internal TestMachine? TestMachine { get; private set; }

    /// <summary>
    /// Gives back the lease that <see cref="RunOptions.KeepLease"/> kept, when the test instance is deleted that was made under it. Does nothing
    /// when there is none.
    /// </summary>
    public async Task ReleaseLeaseAsync()
    {
        try
        {
            if (TestMachine is not null) await TestMachine.DeleteAsync(_cancellation);
        }
        // It bears the mark: the next run deletes it.
        catch (Exception left) when (left is CloudException or OperationCanceledException)
        {
            return;
        }
        finally
        {
            if (Lease is not null) await Lease.DisposeAsync();
        }
    }

    /// <summary>Completes when the resource is as it is wanted and at rest: a group's machines run.</summary>
    /// <exception cref="ResourceFailedException">It could not be made so.</exception>
    /// <exception cref="ResourceBlockedException">It was not completed because of another's failure.</exception>
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
        Deployment deployment, RunOptions options, CloudApi api, Observed seen, EventStream events, CancellationToken cancellationToken)
    {
        var planner = new Planner(deployment, options.Steps, api, seen);
        var run = new DeploymentRun(deployment, planner, seen, cancellationToken);
        run.Completed = Task.Run(() => run.LeasedAsync(planner, options, api, events, cancellationToken), CancellationToken.None);
        return run;
    }

    /// <summary>Gives the lease back at the end, unless it is kept for the verification of what was applied.</summary>
    private async Task<ApplyReport> LeasedAsync(
        Planner planner, RunOptions options, CloudApi api, EventStream events, CancellationToken cancellationToken)
    {
        var keep = false;
        try
        {
            var report = await ApplyAsync(planner, options, api, events, cancellationToken);
            keep = options.KeepLease && report.Succeeded;
            return report;
        }
        finally
        {
            if (!keep) await ReleaseLeaseAsync();
        }
    }

    /// <summary>Another run may have made the deployment between our plan and our lease: then it is another plan.</summary>
    private static async Task<PlanInDetail> LookAgainAsync(
        PlanInDetail plan, Planner planner, Bucket bucket, EventStream events, CancellationToken cancellationToken)
    {
        var now = await planner.MakeAsync(cancellationToken);
        if (now.Assessments.All(pair => pair.Key == bucket || pair.Value.Action == plan.Assessments[pair.Key].Action)) return plan;
        events.Report(at => new PlanMade(at, now.Plan));
        return now;
    }

    private async Task<ApplyReport> ApplyAsync(
        Planner planner, RunOptions options, CloudApi api, EventStream events, CancellationToken cancellationToken)
    {
        var start = events.Time.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationTokenRegistration lost = default;
        async Task TakeLeaseAsync()
        {
            Lease = await Leases.AcquireAsync(api, Deployment.Options, "apply", options.Wait, events, cancellationToken);
            lost = Lease.Lost.Register(either.Cancel);
        }

        PlanInDetail plan;
        Applier applier;
        try
        {
            // What is there is looked at under the lease: nobody else changes it then. Only where there is no bucket there can be none.
            if (await planner.BeginAsync(cancellationToken)) await TakeLeaseAsync();
            plan = await planner.MakeAsync(either.Token);
            events.Report(at => new PlanMade(at, plan.Plan));
            if (Lease is null && planner.Bucket is { } bucket)
            {
                await new Applier(_runs, plan, api, Seen, events).CarryOutAsync(bucket, cancellationToken);
                if (_runs[bucket].Completed.IsCompletedSuccessfully)
                {
                    await TakeLeaseAsync();
                    plan = await LookAgainAsync(plan, planner, bucket, events, either.Token);
                }
            }
            applier = new Applier(_runs, plan, api, Seen, events);
            if (options is { KeepLease: true, PrepareTest: true }) TestMachine = Prepare(plan, api, either.Token);
            _planned.SetResult(plan.Plan);
        }
        catch (Exception refused)
        {
            foreach (var run in _runs.Values) run.Refuse(refused);
            if (_planned.TrySetException(refused)) _ = _planned.Task.Exception;
            throw;
        }
        using var lostOrOver = lost;

        await Task.WhenAll(Resources.Where(resource => !_runs[resource].Completed.IsCompleted)
            .Select(resource => applier.CarryOutAsync(resource, either.Token)));
        IReadOnlyList<TeardownItem> deleted = [];
        var ended = Resources.Select(resource => _runs[resource].Completed).ToList();
        // Only when nothing depends on the old any more.
        if (ended.TrueForAll(task => task.IsCompletedSuccessfully))
            deleted = await new Deleter(api, events).DeleteAsync(plan.Leftovers, either.Token);
        if (Lease is { Lost.IsCancellationRequested: true })
            throw new CloudException(new("apply", "LeaseLost", "Another run took the lease, because this one was out of reach for too long.",
                "See what the other one did, then try again."));
        cancellationToken.ThrowIfCancellationRequested();

        var failures = ended.Select(task => task.Exception?.InnerException).ToList();
        return new(
            [.. ended.Where(task => task.IsCompletedSuccessfully).Select(task => task.Result)],
            [.. failures.OfType<ResourceFailedException>()],
            [.. failures.OfType<ResourceBlockedException>().Select(blocked => blocked.Resource)],
            deleted,
            events.Time.GetElapsedTime(start));
    }

    /// <summary>
    /// Only where the group is made from nothing: while one rolls over, the machines of the version before answer as well, and would prove nothing.
    /// </summary>
    private TestMachine? Prepare(PlanInDetail plan, CloudApi api, CancellationToken cancellationToken)
    {
        if (Deployment is not PrimeService { Parts: var parts } || plan.Assessments.GetValueOrDefault(parts.Group)?.Action is not PlanAction.Create) return null;
        var test = parts.EarlyTestInstance;
        if (!test.MadeAfter.All(_runs.ContainsKey)) return null;
        var machine = new TestMachine(test, Seen, api);
        machine.Begin(Task.WhenAll(test.MadeAfter.Select(needed => _runs[needed].Ready)), cancellationToken);
        return machine;
    }
}
