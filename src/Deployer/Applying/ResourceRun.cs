namespace PrimeDeploy.Deployer;

/// <summary>Where one resource stands in a run, as events that others await.</summary>
internal sealed class ResourceRun(Resource resource)
{
    private readonly TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _deleted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ResourceOutcome> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Resource Resource => resource;

    /// <summary>It is there, or nothing keeps it from being made again: what depends on it, and is to be made again itself, may go.</summary>
    public Task Due => _due.Task;

    /// <summary>The old one of a resource that is replaced is gone, so that what it used can go as well.</summary>
    public Task Deleted => _deleted.Task;

    /// <summary>It is there, and what depends on it can be made.</summary>
    public Task Ready => _ready.Task;

    /// <summary>It is as it is wanted and at rest.</summary>
    public Task<ResourceOutcome> Completed => _completed.Task;

    public void MarkDue() => _due.TrySetResult();

    public void MarkDeleted() => _deleted.TrySetResult();

    public void MarkReady()
    {
        _due.TrySetResult();
        _ready.TrySetResult();
    }

    public void Complete(ResourceOutcome outcome) => _completed.TrySetResult(outcome);

    /// <summary>Ends everything that has not ended yet. Nobody has to await it.</summary>
    public void Refuse(Exception reason)
    {
        if (reason is OperationCanceledException cancelled)
        {
            _due.TrySetCanceled(cancelled.CancellationToken);
            _deleted.TrySetCanceled(cancelled.CancellationToken);
            _ready.TrySetCanceled(cancelled.CancellationToken);
            _completed.TrySetCanceled(cancelled.CancellationToken);
            return;
        }
        _due.TrySetException(reason);
        _deleted.TrySetException(reason);
        _ready.TrySetException(reason);
        _completed.TrySetException(reason);
        _ = (_due.Task.Exception, _deleted.Task.Exception, _ready.Task.Exception, _completed.Task.Exception);
    }
}
