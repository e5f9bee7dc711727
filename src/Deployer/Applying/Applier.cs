namespace PrimeDeploy.Deployer;

/// <summary>Carries a plan out, one resource at a time and all resources at once: each waits for just those that it depends on.</summary>
internal sealed class Applier(
    IReadOnlyDictionary<Resource, ResourceRun> runs, PlanInDetail plan, CloudApi api, Observed seen, EventStream events)
{
    /// <summary>Never fails: how it went is in the resource's run.</summary>
    public async Task CarryOutAsync(Resource resource, CancellationToken cancellationToken)
    {
        var run = runs[resource];
        var action = plan.Assessments[resource].Action;
        var start = events.Time.GetTimestamp();
        try
        {
            if (action is PlanAction.Replace && !resource.ReplacedBeside) await DeleteOldAsync(resource, cancellationToken);
            await ReadyAsync(resource, resource.MadeAfter, cancellationToken);
            start = events.Time.GetTimestamp();

            // Compared once more: now what it depends on is known, not only foreseen.
            var assessment = resource.Assess(seen[resource], seen);
            if (assessment.Action is PlanAction.Replace && !resource.ReplacedBeside)
            {
                await DeleteOldAsync(resource, cancellationToken);
                assessment = resource.Assess(null, seen) with { Action = PlanAction.Replace };
            }
            action = action is PlanAction.Replace ? action : assessment.Action;
            if (action is not PlanAction.None)
            {
                events.Report(at => new ResourceStarted(at, resource, action));
                var made = assessment.Action is PlanAction.Update
                    ? await resource.UpdateAsync(api, seen, assessment, cancellationToken)
                    : await resource.CreateAsync(api, seen, assessment, cancellationToken);
                seen.Set(resource, made);
            }
            run.MarkReady();

            await ReadyAsync(resource, resource.SettlesAfter, cancellationToken);
            var settled = await resource.SettleAsync(
                api, seen[resource]!, seen, waiting => events.Report(at => new ResourceWaiting(at, resource, waiting)), cancellationToken);
            seen.Set(resource, settled);
            var duration = action is PlanAction.None ? TimeSpan.Zero : events.Time.GetElapsedTime(start);
            var outcome = new ResourceOutcome(resource, action, duration, resource.DetailOf(settled), resource.UriOf(settled));
            events.Report(at => new ResourceFinished(at, outcome));
            run.Complete(outcome);
        }
        catch (ResourceBlockedException blocked)
        {
            events.Report(at => new ResourceBlocked(at, resource, blocked.Failed));
            run.Refuse(blocked);
        }
        catch (OperationCanceledException cancelled) when (cancellationToken.IsCancellationRequested)
        {
            run.Refuse(cancelled);
        }
        catch (Exception exception)
        {
            var error = CloudErrors.Of($"{action.ToString().ToLowerInvariant()} {resource}", exception);
            events.Report(at => new ResourceFailed(at, resource, action, events.Time.GetElapsedTime(start), error));
            run.Refuse(new ResourceFailedException(resource, error, exception));
        }
    }

    /// <summary>What is replaced is deleted first, after those that use it: they are replaced too.</summary>
    private async Task DeleteOldAsync(Resource resource, CancellationToken cancellationToken)
    {
        var users = runs.Keys.Where(other => other.Uses.Contains(resource) && plan.Assessments[other].Action is PlanAction.Replace);
        foreach (var user in users) await AwaitAsync(resource, runs[user].Deleted, cancellationToken);
        await resource.KindInfo.DeleteAsync(api, resource.Name, cancellationToken);
        seen.Set(resource, null);
        runs[resource].MarkDeleted();
    }

    private async Task ReadyAsync(Resource resource, IReadOnlyList<Resource> dependencies, CancellationToken cancellationToken)
    {
        foreach (var dependency in dependencies)
            await AwaitAsync(resource, runs[dependency].Ready, cancellationToken);
    }

    private static async Task AwaitAsync(Resource resource, Task what, CancellationToken cancellationToken)
    {
        try
        {
            await what.WaitAsync(cancellationToken);
        }
        catch (ResourceFailedException failed)
        {
            throw new ResourceBlockedException(resource, failed.Resource);
        }
        catch (ResourceBlockedException blocked)
        {
            throw new ResourceBlockedException(resource, blocked.Failed);
        }
    }
}
