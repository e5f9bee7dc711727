using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Google.LongRunning;

/// <summary>A long-running operation as it was when it was last asked for. It never changes; polling gives a new one.</summary>
/// <typeparam name="TResponse">What it gives when it ends well.</typeparam>
/// <typeparam name="TMetadata">What it says of itself meanwhile.</typeparam>
public sealed class Operation<TResponse, TMetadata>
    where TResponse : class, IMessage<TResponse>, new()
    where TMetadata : class, IMessage<TMetadata>, new()
{
    /// <summary>First after 20 s, then each time half as long again, 45 s at most, for a day.</summary>
    private static readonly PollSettings DefaultPollSettings =
        new(Expiration.FromTimeout(TimeSpan.FromHours(24)), TimeSpan.FromSeconds(20), 1.5, TimeSpan.FromSeconds(45));

    private readonly Func<CallSettings, Task<Operation>> _poll;
    private readonly TimeProvider _time;
    private readonly Lazy<OperationFailedException> _exception;

    internal Operation(Operation rpcMessage, Func<CallSettings, Task<Operation>> poll, TimeProvider time = null)
    {
        RpcMessage = rpcMessage;
        _poll = poll;
        _time = time ?? TimeProvider.System;
        _exception = new(() => IsFaulted ? new OperationFailedException(rpcMessage) : null);
    }

    public Operation RpcMessage { get; }

    public string Name => RpcMessage.Name;

    /// <summary>Whether it has ended, well or not.</summary>
    public bool IsCompleted => RpcMessage.Done;

    public bool IsFaulted => RpcMessage.ResultCase == Operation.ResultOneofCase.Error;

    /// <summary>Null unless it failed. It is not thrown by polling, only by <see cref="Result"/>.</summary>
    public OperationFailedException Exception => _exception.Value;

    /// <summary>The service's own description, or null.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public TMetadata Metadata => Unpacked<TMetadata>(RpcMessage.Metadata);

    /// <summary>Null where the service gave none.</summary>
    /// <exception cref="OperationFailedException">It failed.</exception>
    /// <exception cref="InvalidOperationException">It has not ended, or its result is of another type.</exception>
    public TResponse Result =>
        !IsCompleted ? throw new InvalidOperationException("The operation has not ended.")
        : IsFaulted ? throw Exception
        : Unpacked<TResponse>(RpcMessage.Response);

    /// <summary>Asks once; an operation that has ended is its own answer.</summary>
    public async Task<Operation<TResponse, TMetadata>> PollOnceAsync(CallSettings callSettings = null) =>
        IsCompleted ? this : new Operation<TResponse, TMetadata>(await _poll(callSettings), _poll, _time);

    /// <inheritdoc cref="PollOnceAsync(CallSettings)"/>
    public Task<Operation<TResponse, TMetadata>> PollOnceAsync(CancellationToken cancellationToken) =>
        PollOnceAsync(CallSettings.FromCancellationToken(cancellationToken));

    /// <summary>Asks until it has ended.</summary>
    /// <param name="pollSettings">Null is every 20 to 45 s for a day.</param>
    /// <param name="callSettings">For each request; null is the client's own. The cancellation token also ends the waiting in between.</param>
    /// <param name="metadataCallback">Told after every answer, and at once when it has ended already; may be null.</param>
    /// <exception cref="TimeoutException">It had not ended when the poll settings expired.</exception>
    /// <exception cref="RpcException">A request failed; <see cref="StatusCode.DeadlineExceeded"/> where it was under way when the poll settings expired.</exception>
    public async Task<Operation<TResponse, TMetadata>> PollUntilCompletedAsync(
        PollSettings pollSettings = null, CallSettings callSettings = null, Action<TMetadata> metadataCallback = null)
    {
        if (IsCompleted)
        {
            metadataCallback?.Invoke(Metadata);
            return this;
        }

        var settings = pollSettings ?? DefaultPollSettings;
        var deadline = settings.Expiration.Deadline ?? _time.GetUtcNow().UtcDateTime + settings.Expiration.Timeout;
        var delay = settings.Delay;
        while (true)
        {
            var latest = await PollOnceAsync(callSettings.WithEarlierDeadline(deadline, _time));
            metadataCallback?.Invoke(latest.Metadata);
            if (latest.IsCompleted)
                return latest;
            if (_time.GetUtcNow().UtcDateTime + settings.Delay >= deadline)
                throw new TimeoutException("Operation did not complete within the specified expiry time");

            await Task.Delay(delay, _time, callSettings?.CancellationToken ?? CancellationToken.None);
            var next = delay * settings.DelayMultiplier;
            delay = next < settings.MaxDelay ? next : settings.MaxDelay;
        }
    }

    private static T Unpacked<T>(Any packed)
        where T : class, IMessage<T>, new() =>
        packed is null ? null
        : packed.TryUnpack<T>(out var message) ? message
        : throw new InvalidOperationException($"The operation carries a {Any.GetTypeName(packed.TypeUrl)}, not a {new T().Descriptor.FullName}.");
}
