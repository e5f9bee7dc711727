namespace PrimeDeploy.Deployer;

/// <summary>
/// The test instance of one verification, deleted in the end whatever happens, if need be by the cloud when its run time is over. Making it
/// may begin while what it asks is still being made: at Google that takes 20 s.
/// </summary>
internal sealed class TestMachine(Instance instance, Observed seen, CloudApi api)
{
    /// <summary>After a cancellation the deletion is sent, but hardly waited for.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private Task _begun = Task.CompletedTask;
    private object? _made;
    private bool _mayBeThere;
    private Task? _deletion;

    public string Name => instance.Name;

    /// <summary>Begins to make it, as soon as all is there that it needs.</summary>
    public void Begin(Task needed, CancellationToken cancellationToken) => _begun = BeginAsync(needed, cancellationToken);

    /// <summary>Makes it, or waits until it is made.</summary>
    /// <returns>Where it would be asked from outside; null when it has no external address.</returns>
    public async Task<Uri?> MakeAsync(CancellationToken cancellationToken)
    {
        await _begun;
        if (_made is null)
        {
            await RemoveLeftoverAsync(cancellationToken);
            await CreateAsync(cancellationToken);
        }
        return instance.UriOf(_made!);
    }

    /// <summary>Deletes it, unless that is under way already; completes when it is on its way down.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) => _deletion ??= DeleteOnceAsync(cancellationToken);

    private async Task DeleteOnceAsync(CancellationToken cancellationToken)
    {
        await _begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_mayBeThere) return;
        try
        {
            await instance.BeginDeleteAsync(api, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(LastWords, api.Time);
            await instance.BeginDeleteAsync(api, limit.Token);
            throw;
        }
    }

    private async Task BeginAsync(Task needed, CancellationToken cancellationToken)
    {
        await needed;
        // What is there already is for the verification to judge.
        if (await instance.FindAsync(api, seen, cancellationToken) is null) await CreateAsync(cancellationToken);
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        _mayBeThere = true;
        _made = await instance.CreateAsync(api, seen, instance.Assess(null, seen), cancellationToken);
    }

    /// <summary>A run that was killed could not delete its own, and that of the last one may be on its way. Someone else's is left alone.</summary>
    private async Task RemoveLeftoverAsync(CancellationToken cancellationToken)
    {
        if (await instance.FindAsync(api, seen, cancellationToken) is not { } there) return;
        if (instance.Assess(there, seen).Conflict is { } conflict) throw new DeploymentRefusedException([$"{instance} {conflict}"]);
        await instance.RemoveAsync(api, there, cancellationToken);
    }
}
