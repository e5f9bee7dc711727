namespace PrimeDeploy.Deployer;

/// <summary>Finds out what is there, all at once, and what has to be done about it. Changes nothing.</summary>
internal sealed class Planner(Deployment deployment, IReadOnlySet<Step>? steps, CloudApi api, Observed seen)
{
    private readonly Preflight _preflight = new(deployment, Select(deployment, steps), api);
    private bool _isChecked;

    /// <summary>The resources of the wanted steps, and all that they depend on; always the bucket, because the lease is in it.</summary>
    public IReadOnlyList<Resource> Selected { get; } = Select(deployment, steps);

    /// <summary>The deployment's bucket; null for a deployment that has none.</summary>
    public Bucket? Bucket { get; } = deployment.Resources.OfType<Bucket>().FirstOrDefault();

    private bool IsComplete => Selected.Count == deployment.Resources.Count;

    /// <summary>
    /// The first calls: a wrong zone, missing credentials or a cloud that does not answer is then said once, and not once per resource. And
    /// the bucket, where the lease is.
    /// </summary>
    /// <returns>Whether the bucket is there and this deployment's own, so that the lease can be taken before the rest is looked at.</returns>
    /// <exception cref="DeploymentRefusedException">There is no such zone; with what else is wrong, as far as that can be told without it.
    /// </exception>
    public async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        var (zone, found) = await ExplainedAsync(async () =>
        {
            var checking = ZoneCheck.RunAsync(api, cancellationToken);
            var bucket = Bucket?.FindAsync(api, seen, cancellationToken) ?? Task.FromResult<object?>(null);
            await Task.WhenAll(checking, bucket);
            return (await checking, await bucket);
        }, cancellationToken);
        if (zone.Problem is { } unknown)
            throw new DeploymentRefusedException([unknown.ToString(), .. await _preflight.CheckWithoutZoneAsync(zone.Nearest, cancellationToken)]);
        if (found is null) return false;
        seen.Set(Bucket!, found);
        return Bucket!.Assess(found, seen).Conflict is null;
    }

    /// <summary>After <see cref="BeginAsync"/>: one list per kind, in parallel; then every reason not to go on, at once.</summary>
    /// <exception cref="DeploymentRefusedException">It must not, or could not, be carried out.</exception>
    public async Task<PlanInDetail> MakeAsync(CancellationToken cancellationToken)
    {
        var inventory = new Inventory(api, cancellationToken);
        await ExplainedAsync(async () =>
        {
            await FindAsync(inventory);
            return true;
        }, cancellationToken);

        var plan = Compare(deployment, Selected, seen);
        if (IsComplete) plan = plan with { Leftovers = await LeftoversAsync(inventory, plan) };
        var problems = (from pair in plan.Assessments where pair.Value.Conflict is not null select $"{pair.Key} {pair.Value.Conflict}").ToList();
        // Once: a second look at what is there does not change the settings.
        if (!_isChecked) problems.AddRange(await _preflight.CheckAsync(plan, inventory, seen, cancellationToken));
        _isChecked = true;
        return problems.Count == 0 ? plan : throw new DeploymentRefusedException(problems);
    }

    /// <summary>A refusal is told with all of its kind: the project's APIs that are off, and the permissions that are missing.</summary>
    private async Task<T> ExplainedAsync<T>(Func<Task<T>> look, CancellationToken cancellationToken)
    {
        try
        {
            return await look();
        }
        catch (Exception refused) when (refused is CloudException or DeploymentRefusedException)
        {
            if (await _preflight.CheckProjectAsync(cancellationToken) is { Count: > 0 } problems)
                throw new DeploymentRefusedException(problems.Concat(Unexplained(refused)).ToList());
            throw;
        }
    }

    private static IEnumerable<string> Unexplained(Exception refused) => refused switch
    {
        CloudException { Error: var error } => CloudErrors.IsForbidden(error) ? [] : [refused.Message],
        DeploymentRefusedException { Problems: var problems } => problems,
        _ => [refused.Message],
    };

    /// <summary>Notes what is there of every selected resource.</summary>
    /// <exception cref="CloudException">Something cannot be read.</exception>
    /// <exception cref="DeploymentRefusedException">Several things cannot be read, each for a reason of its own.</exception>
    public async Task FindAsync(Inventory inventory)
    {
        var reads = Selected.Where(resource => resource != Bucket).Select(resource => (resource, found: inventory.FindAsync(resource, seen)))
            .ToList();
        var failures = new List<CloudException>();
        foreach (var (resource, found) in reads)
            try
            {
                seen.Set(resource, await found);
            }
            catch (CloudException failure)
            {
                failures.Add(failure);
            }
        var reasons = failures.DistinctBy(failure => (failure.Error.Code, failure.Error.Message)).ToList();
        if (reasons.Count == 1) throw reasons[0];
        if (reasons.Count > 1) throw new DeploymentRefusedException(reasons.Select(reason => reason.Message).ToList());
    }

    /// <summary>What bears the deployment's mark and is none of its resources, in the order in which it can go.</summary>
    private async Task<IReadOnlyList<Leftover>> LeftoversAsync(Inventory inventory, PlanInDetail plan)
    {
        var wanted = plan.Assessments.Select(pair => (pair.Key.KindInfo, pair.Key.NameIn(pair.Value.Desired))).ToHashSet();
        var leftovers = new List<Leftover>();
        foreach (var kind in ResourceKinds.DeletionOrder.Order)
            leftovers.AddRange(from found in await inventory.AllAsync(kind)
                               where found.Mark?.Deployment == deployment.Name && !found.IsGoing && !wanted.Contains((kind, found.Name))
                               select new Leftover(kind, found.Name));
        return leftovers;
    }

    /// <summary>
    /// What to do, given what was found. Looks ahead: a resource is compared as what it depends on will be, not as it is.
    /// </summary>
    internal static PlanInDetail Compare(Deployment deployment, IReadOnlyList<Resource> selected, Observed found)
    {
        var ahead = found.Copy();
        var assessments = new Dictionary<Resource, Assessment>();
        foreach (var resource in selected)
        {
            var assessment = resource.Assess(found[resource], ahead);
            var replaced = resource.Uses.FirstOrDefault(used => !used.ReplacedBeside && assessments[used].Action is PlanAction.Replace);
            if (replaced is not null && assessment.Action is PlanAction.None or PlanAction.Update)
                assessment = assessment with { Action = PlanAction.Replace, Reason = $"it uses {replaced}, which is replaced" };
            assessments[resource] = assessment;
            if (assessment.Action is not PlanAction.None) ahead.Set(resource, assessment.Desired);
        }
        var changes = selected.Select(resource => (resource, plan: assessments[resource]))
            .Select(pair => new PlannedChange(pair.resource, pair.plan.Action, pair.plan.Differences, pair.plan.Reason));
        return new(deployment, [.. changes], assessments, []);
    }

    private static IReadOnlyList<Resource> Select(Deployment deployment, IReadOnlySet<Step>? steps)
    {
        if (steps is null) return deployment.Resources;
        var wanted = deployment.Graph.WithDependencies(
            deployment.Resources.Where(resource => resource is Bucket || steps.Contains(resource.Step)));
        return [.. deployment.Resources.Where(wanted.Contains)];
    }
}

/// <summary>The plan, with what it was made from.</summary>
internal sealed record PlanInDetail(
    Deployment Deployment, IReadOnlyList<PlannedChange> Changes, IReadOnlyDictionary<Resource, Assessment> Assessments,
    IReadOnlyList<Leftover> Leftovers)
{
    public Plan Plan => new(Deployment, Changes, [.. Leftovers.Select(left => new PlannedDeletion(left.Kind.Noun, left.Name, "no longer wanted"))]);
}

/// <summary>Something of the deployment's own that is not wanted any more.</summary>
internal sealed record Leftover(ResourceKind Kind, string Name);
