namespace PrimeDeploy.Deployer;

/// <summary>
/// Stamps events with the time and passes them on one at a time: resources are made in parallel, but a console has one line.
/// </summary>
internal sealed class EventStream(IProgress<DeploymentEvent>? progress, TimeProvider time)
{
    private readonly Lock _lock = new();

    public TimeProvider Time => time;

    public void Report(Func<DateTimeOffset, DeploymentEvent> at)
    {
        if (progress is null) return;
        lock (_lock) progress.Report(at(time.GetUtcNow()));
    }
}
