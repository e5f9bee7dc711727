namespace PrimeDeploy.Deployer;

/// <summary>Finds out what is there, all at once, and what has to be done about it. Changes nothing.</summary>
internal sealed class Planner(Deployment deployment, IReadOnlySet<Step>? steps, CloudApi api, Observed seen)
{
    /// <summary>The resources of the wanted steps, and all that they depend on.</summary>
    public IReadOnlyList<Resource> Selected { get; } = Select(deployment, steps);

    /// <summary>One read per resource, in parallel; then every reason not to go on, at once.</summary>
    /// <exception cref="DeploymentRefusedException">It must not, or could not, be carried out.</exception>
    public async Task<PlanInDetail> MakeAsync(CancellationToken cancellationToken)
    {
        // The first call on its own: a wrong zone, missing credentials or a cloud that does not answer is then said once, and not once per
        // resource.
        if (await Preflight.CheckZoneAsync(api, cancellationToken) is { } unknown) throw new DeploymentRefusedException([unknown]);
        var reads = Selected.Select(async resource => (resource, found: await resource.FindAsync(api, seen, cancellationToken)));
        foreach (var (resource, found) in await Task.WhenAll(reads)) seen.Set(resource, found);

        var plan = Compare(deployment, Selected, seen);
        var problems = (from pair in plan.Assessments where pair.Value.Conflict is not null select $"{pair.Key} {pair.Value.Conflict}").ToList();
        problems.AddRange((await Preflight.CheckAsync(plan, api, seen, cancellationToken)).Select(problem => problem.ToString()));
        return problems.Count == 0 ? plan : throw new DeploymentRefusedException(problems);
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
        return new(new Plan(deployment, [.. changes]), assessments);
    }

    private static IReadOnlyList<Resource> Select(Deployment deployment, IReadOnlySet<Step>? steps)
    {
        if (steps is null) return deployment.Resources;
        var wanted = deployment.Graph.WithDependencies(deployment.Resources.Where(resource => steps.Contains(resource.Step)));
        return [.. deployment.Resources.Where(wanted.Contains)];
    }
}

/// <summary>The plan, with what it was made from.</summary>
internal sealed record PlanInDetail(Plan Plan, IReadOnlyDictionary<Resource, Assessment> Assessments);
