namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>The way from a run to its cloud, which is cut when the run comes to a point: from then on neither hears of the other.</summary>
internal sealed class CutLine : IAsyncDisposable
{
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FaultyProxy _proxy;
    private readonly Task _dead;

    private CutLine(FaultyProxy proxy, CrashPoint point, Task dead)
    {
        _proxy = proxy;
        _dead = dead;
        var isThere = point.Watch();
        ProxiedRequest? there = null;
        proxy.Hold = request =>
        {
            if (_cut.Task.IsCompleted) return SilenceAsync();
            if (!isThere(request)) return Task.CompletedTask;
            there = request;
            return point.After ? Task.CompletedTask : SilenceAsync();
        };
        proxy.HoldAnswer = request => _cut.Task.IsCompleted || ReferenceEquals(request, there) ? SilenceAsync() : Task.CompletedTask;
    }

    public Uri Endpoint => _proxy.Endpoint;

    /// <summary>Completes when the run has come to the point.</summary>
    public Task Cut => _cut.Task;

    /// <param name="cloud">Where it leads.</param>
    /// <param name="point">When it is cut.</param>
    /// <param name="dead">Completes when nobody listens any more.</param>
    public static async Task<CutLine> StartAsync(Uri cloud, CrashPoint point, Task dead) => new(await FaultyProxy.StartAsync(cloud), point, dead);

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    /// <summary>Holds a request, or its answer, as long as somebody may wait for it, and then lets it fall.</summary>
    private async Task SilenceAsync()
    {
        _cut.TrySetResult();
        await _dead;
        throw new OperationCanceledException("Nobody is there to hear it.");
    }
}
