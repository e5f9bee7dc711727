namespace PrimeDeploy.LocalCloud.Control;

/// <summary>How far a loop has come, counted in versions of the store, for those who wait for it.</summary>
internal sealed class AppliedVersions
{
    private readonly Lock _gate = new();
    private readonly List<(long Version, TaskCompletionSource Done)> _waiting = [];
    private long _reached = -1;

    public Task WhenAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_reached >= version)
                return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((version, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Everything up to this version has been acted on.</summary>
    public void Reach(long version)
    {
        lock (_gate)
            _reached = Math.Max(_reached, version);
        foreach (var done in Take(version))
            done.SetResult();
    }

    /// <summary>What was asked for up to this version could not be done. Those who wait are told; the loop goes on trying.</summary>
    public void Fail(long version, OperationFailedException reason)
    {
        foreach (var done in Take(version))
            done.SetException(reason);
    }

    private List<TaskCompletionSource> Take(long version)
    {
        lock (_gate)
        {
            var taken = _waiting.FindAll(w => w.Version <= version).ConvertAll(w => w.Done);
            _waiting.RemoveAll(w => w.Version <= version);
            return taken;
        }
    }
}
