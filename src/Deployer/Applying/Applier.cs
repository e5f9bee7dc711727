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
            if (IsRemade(resource)) await ReplaceOldAsync(resource, cancellationToken);
            await AwaitAllAsync(resource, resource.MadeAfter, run => run.Ready, cancellationToken);
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

            await AwaitAllAsync(resource, resource.SettlesAfter, run => run.Ready, cancellationToken);
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

    /// <summary>Whether it is planned to be deleted and made again under the same name.</summary>
    private bool IsRemade(Resource resource) => plan.Assessments[resource].Action is PlanAction.Replace && !resource.ReplacedBeside;

    /// <summary>
    /// Waits until everything is there that it will be made of, but for what is made again too, and only then lets it go: what serves is
    /// missing for no longer than it takes to delete it and to make it.
    /// </summary>
    private async Task ReplaceOldAsync(Resource resource, CancellationToken cancellationToken)
    {
        await AwaitAllAsync(resource, resource.MadeAfter, run => run.Due, cancellationToken);
        await DeleteOldAsync(resource, cancellationToken);
    }

    /// <summary>What is replaced is deleted after those that use it: they are replaced too.</summary>
    private async Task DeleteOldAsync(Resource resource, CancellationToken cancellationToken)
    {
        runs[resource].MarkDue();
        await AwaitAllAsync(
            resource, runs.Keys.Where(other => other.Uses.Contains(resource) && IsRemade(other)), run => run.Deleted, cancellationToken);
        await resource.KindInfo.DeleteAsync(api, resource.Name, cancellationToken);
        seen.Set(resource, null);
        runs[resource].MarkDeleted();
    }

    private async Task AwaitAllAsync(
        Resource resource, IEnumerable<Resource> others, Func<ResourceRun, Task> what, CancellationToken cancellationToken)
    {
        foreach (var other in others) await AwaitAsync(resource, what(runs[other]), cancellationToken);
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
