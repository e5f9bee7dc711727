using Polly;
using Polly.Retry;

namespace PrimeDeploy.Deployer;

/// <summary>Makes a call again when its failure is one that passes, at growing and jittered intervals, and says so.</summary>
internal sealed class Retries
{
    private static readonly ResiliencePropertyKey<CallKind> Kind = new("kind");

    private readonly ResiliencePipeline _calls;
    private readonly ResiliencePipeline _operations;

    public Retries(EventStream events)
    {
        _calls = Pipeline(events, ShouldRetryCall);
        _operations = Pipeline(events, ShouldRetryOperation);
    }

    /// <summary>Makes one request, and again as long as it fails in a way that passes.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<T> CallAsync<T>(string call, CallKind kind, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        RunAsync(_calls, call, kind, send, cancellationToken);

    /// <summary>
    /// Sends a mutation and waits for its operation; repeats the whole only when the operation was accepted and then failed in a way that
    /// passes.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<T> OperationAsync<T>(
        string call, CallKind kind, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        RunAsync(_operations, call, kind, run, cancellationToken);

    private static ResiliencePipeline Pipeline(EventStream events, Func<Exception, int, CallKind, bool> shouldRetry) =>
        new ResiliencePipelineBuilder { TimeProvider = events.Time }
            .AddRetry(new RetryStrategyOptions
            {
                // 0.1, 0.2, … 15 s: 70 s in all, because Google counts calls per minute and forgives in the next one.
                MaxRetryAttempts = 11,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(15),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = retry =>
                    new(retry.Outcome.Exception is { } exception && !retry.Context.CancellationToken.IsCancellationRequested
                    && shouldRetry(exception, retry.AttemptNumber, retry.Context.Properties.GetValue(Kind, CallKind.Read))),
                OnRetry = retry =>
                {
                    var error = CloudErrors.Of(retry.Context.OperationKey!, retry.Outcome.Exception!);
                    events.Report(at =>
                        new CallRetried(at, error.Call, retry.AttemptNumber + 1, retry.RetryDelay, $"{error.Code}: {error.Message}"));
                    return default;
                },
            })
            .Build();

    private static async Task<T> RunAsync<T>(
        ResiliencePipeline pipeline, string call, CallKind kind, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(call, cancellationToken);
        context.Properties.Set(Kind, kind);
        try
        {
            return await pipeline.ExecuteAsync(async attempt => await send(attempt.CancellationToken), context);
        }
        // Google's clients wrap a cancellation into an exception of their own.
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool ShouldRetryCall(Exception exception, int attempt, CallKind kind)
    {
        if (CloudErrors.IsUnreachable(exception)) return attempt < 3;
        if (CloudErrors.IsTransient(exception)) return true;
        return kind switch
        {
            // What was made a moment ago may not be known everywhere yet.
            CallKind.Write or CallKind.ReadNew => CloudErrors.IsNotFound(exception) && attempt < 5,
            // What was deleted a moment ago may still count as a user.
            CallKind.Delete => CloudErrors.IsInUse(exception) && attempt < 9,
            _ => false,
        };
    }

    private static bool ShouldRetryOperation(Exception exception, int attempt, CallKind kind) =>
        CloudErrors.IsTransientOperation(exception) || (kind is CallKind.Delete && exception.InnerException is null
            && CloudErrors.IsInUse(exception) && attempt < 9);
}

/// <summary>What a call does, as far as it decides which failures pass.</summary>
internal enum CallKind
{
    /// <summary>Reads.</summary>
    Read,

    /// <summary>Reads what was made a moment ago.</summary>
    ReadNew,

    /// <summary>Makes or changes.</summary>
    Write,

    /// <summary>Deletes.</summary>
    Delete,
}
