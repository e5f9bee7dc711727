using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control;

/// <summary>
/// A level-triggered loop: each step looks at the documents and at the world as they are and acts on the difference. Steps run one after
/// another; changes that come in the middle of one cause one more. A step that fails is tried again a second later; one that throws
/// <see cref="OperationFailedException"/> also fails what waits for it.
/// </summary>
internal abstract class ControlLoop(DocumentStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>No timer runs for longer than 49 days; looking once more often than needed does no harm.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly AppliedVersions _applied = new();
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    protected DocumentStore Store { get; } = store;

    protected TimeProvider Time { get; } = time;

    protected ILogger Logger { get; } = logger;

    /// <summary>Cancelled when the loop is to end.</summary>
    protected CancellationToken Stopping => _stop.Token;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Completes when the loop has acted on what the store held at this version.</summary>
    /// <exception cref="OperationFailedException">That cannot be done; the loop goes on trying.</exception>
    public Task WhenAppliedAsync(long version, CancellationToken cancellationToken) => _applied.WhenAsync(version, cancellationToken);

    /// <summary>Something other than a document has changed.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Ends the loop; may be called again.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        GC.SuppressFinalize(this);
    }

    /// <returns>When to look again although nothing has changed; null for never.</returns>
    protected abstract Task<TimeSpan?> StepAsync(CancellationToken cancellationToken);

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _woken, new(TaskCreationOptions.RunContinuationsAsynchronously));
            var version = Store.Version;
            TimeSpan? lookAgain;
            try
            {
                lookAgain = await StepAsync(_stop.Token);
                _applied.Reach(version);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (OperationFailedException refused)
            {
                _applied.Fail(version, refused);
                lookAgain = RetryDelay;
            }
            catch (Exception e) when (e is not OutOfMemoryException) // A loop that ended would leave the cloud standing still without a word.
            {
                Logger.StepFailed(GetType().Name, e);
                lookAgain = RetryDelay;
            }

            await WaitAsync(version, lookAgain);
        }
    }

    private async Task WaitAsync(long version, TimeSpan? lookAgain)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(
            Store.WhenChangedAsync(version, done.Token),
            Volatile.Read(ref _woken).Task,
            Task.Delay(lookAgain < LongestWait ? lookAgain.Value : LongestWait, Time, done.Token));
        await done.CancelAsync();
    }
}
