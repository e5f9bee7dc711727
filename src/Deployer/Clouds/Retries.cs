using Polly;
using Polly.Retry;

namespace PrimeDeploy.Deployer;

/// <summary>Makes a call again when its failure is one that passes, at growing and jittered intervals, and says so.</summary>
internal sealed class Retries
{
    private static readonly ResiliencePropertyKey<CallKind> Kind = new("kind");

    private readonly ResiliencePipeline _pipeline;

    public Retries(EventStream events)
    {
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = events.Time }
            .AddRetry(new RetryStrategyOptions
            {
                // 0.1, 0.2, … 15 s: 70 s in all, because Google counts calls per minute and forgives in the next one.
                MaxRetryAttempts = 11,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(15),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = retry => new(ShouldRetry(retry.Outcome.Exception, retry.AttemptNumber, retry.Context)),
                OnRetry = retry =>
                {
                    var error = CloudErrors.Of(retry.Context.OperationKey!, retry.Outcome.Exception!);
                    events.Report(at => new CallRetried(at, error.Call, retry.AttemptNumber + 1, retry.RetryDelay, $"{error.Code}: {error.Message}"));
                    return default;
                },
            })
            .Build();
    }

    /// <exception cref="CloudException">It failed for good, or too often.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> CallAsync<T>(string call, CallKind kind, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(call, cancellationToken);
        context.Properties.Set(Kind, kind);
        try
        {
            return await _pipeline.ExecuteAsync(async attempt => await send(attempt.CancellationToken), context);
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

    private static bool ShouldRetry(Exception? exception, int attempt, ResilienceContext context)
    {
        if (exception is null || context.CancellationToken.IsCancellationRequested) return false;
        if (CloudErrors.IsUnreachable(exception)) return attempt < 3;
        if (CloudErrors.IsTransient(exception)) return true;
        return context.Properties.GetValue(Kind, CallKind.Read) switch
        {
            // What was made a moment ago may not be known everywhere yet.
            CallKind.Write => CloudErrors.IsNotFound(exception) && attempt < 5,
            // What was deleted a moment ago may still count as a user.
            CallKind.Delete => CloudErrors.IsInUse(exception) && attempt < 9,
            _ => false,
        };
    }
}

/// <summary>What a call does, as far as it decides which failures pass.</summary>
internal enum CallKind { Read, Write, Delete }
