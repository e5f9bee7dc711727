using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Operations;

/// <param name="Type">As the operation shows it.</param>
/// <param name="Verb">What is to be finished: see <see cref="OperationRunner"/>.</param>
/// <param name="Request">Method and URL of the call, to recognize a repetition.</param>
/// <param name="Failure">What it is to end with, because nothing was done; null to carry it out.</param>
internal sealed record OperationRequest(
    string Type, string Verb, ResourceName Target, string? TargetId, string? RequestId, string Request, OperationFailedException? Failure = null);

/// <summary>Carries out the part of requests that comes after the answer, one after another for each resource, and lets callers wait for it.</summary>
/// <param name="operations">Where operations are kept; not the store of the resources, so that control loops are not woken by them.</param>
/// <param name="finish">Carries out a verb on a target. It is idempotent: a restarted server calls it again for what it had not finished.</param>
internal sealed class OperationRunner(
    DocumentStore operations, Latency latency, TimeProvider time, ILogger<OperationRunner> logger,
    Func<string, ResourceName, CancellationToken, Task> finish) : IAsyncDisposable
{
    /// <summary>Finished operations are kept until there are this many; Google keeps them for two weeks.</summary>
    private const int MostKept = 2000;

    private readonly ConcurrentDictionary<ResourceName, TaskCompletionSource> _running = new();
    private readonly ConcurrentDictionary<string, ResourceName> _byRequest = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceName, Task> _lastOfTarget = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Recalls requests that may be repeated, and goes on with what an earlier server had not finished.</summary>
    /// <param name="deleting">What is marked as being deleted: without an operation when the server was killed, or its disk full, between the two.</param>
    public void Resume(IEnumerable<ResourceName> deleting)
    {
        var deleted = new HashSet<ResourceName>();
        foreach (var (name, json) in operations.List("operations"))
        {
            if (Local.GetString(json, OperationDocument.Request) is { } request)
                _byRequest[request] = name;
            if (OperationDocument.IsDone(json) || ResourceName.FromLink(json.Text("targetLink")) is not { } target)
                continue;
            var verb = Local.GetString(json, OperationDocument.Verb) ?? "";
            if (verb == "delete")
                deleted.Add(target);
            Launch(name, target, verb);
        }
        foreach (var target in deleting.Where(t => !deleted.Contains(t)))
            Start(new OperationRequest("delete", "delete", target, TargetId: null, RequestId: null, Request: ""));
    }

    /// <summary>Whether an operation on the resource is not done yet.</summary>
    public bool IsWorkedOn(ResourceName target)
    {
        lock (_gate)
            return _lastOfTarget.ContainsKey(target);
    }

    /// <summary>The operation that the same request started before; null when it is new.</summary>
    public JsonObject? FindRepeated(string requestId, string request) =>
        _byRequest.TryGetValue($"{requestId} {request}", out var name) ? operations.Find(name) : null;

    /// <summary>Makes an operation and starts on it.</summary>
    /// <returns>The operation as it is now, that is not done.</returns>
    public JsonObject Start(OperationRequest request)
    {
        var key = request.RequestId is null ? null : $"{request.RequestId} {request.Request}";
        var (name, json) = OperationDocument.Create(request.Type, request.Verb, request.Target, request.TargetId, request.RequestId, key, time);
        if (request.Failure is not null)
            OperationDocument.Doom(json, request.Failure);
        operations.TryInsert(name, json);
        if (key is not null)
            _byRequest[key] = name;
        Trim();
        Launch(name, request.Target, request.Verb);
        return json;
    }

    /// <summary>Waits until the operation is done, as long as asked for; then answers it as it is.</summary>
    /// <returns>Null when there is no such operation.</returns>
    public async Task<JsonObject?> WaitAsync(ResourceName name, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(name, out var running))
        {
            try
            {
                await running.Task.WaitAsync(atMost, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Not done yet: the caller sees that and asks again.
            }
        }
        return operations.Find(name);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values.Select(r => r.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void Launch(ResourceName name, ResourceName target, string verb)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[name] = done;
        lock (_gate)
        {
            var previous = _lastOfTarget.GetValueOrDefault(target, Task.CompletedTask);
            _lastOfTarget[target] = done.Task;
            _ = Task.Run(() => RunAsync(name, target, verb, previous, done));
        }
    }

    private async Task RunAsync(ResourceName name, ResourceName target, string verb, Task previous, TaskCompletionSource done)
    {
        OperationFailedException? failure = null;
        try
        {
            await previous;
            if (latency.Profile.Of(target.Collection, verb) is var delay && delay > TimeSpan.Zero)
                await Task.Delay(delay, time, _stopping.Token);
            if (operations.Find(name) is { } json && OperationDocument.DoomOf(json) is { } doom)
                throw doom;
            await finish(verb, target, _stopping.Token);
        }
        catch (OperationFailedException failed)
        {
            failure = failed;
        }
        catch (Exception unexpected) when (!_stopping.IsCancellationRequested)
        {
            logger.LogError(unexpected, "{Verb} of {Target} failed", verb, target);
            failure = new OperationFailedException("INTERNAL_ERROR", 500, $"Internal error: {unexpected.Message}");
        }
        catch (OperationCanceledException)
        {
            // The next server finds it undone in the journal and goes on with it.
        }
        if (!_stopping.IsCancellationRequested)
            await WriteDownAsync(name, failure);
        _running.TryRemove(name, out _);
        lock (_gate)
        {
            if (_lastOfTarget.GetValueOrDefault(target) == done.Task)
                _lastOfTarget.Remove(target);
        }
        done.SetResult();
    }

    /// <summary>Marks the operation as done, as soon as the disk takes it: until then nobody may be told so.</summary>
    private async Task WriteDownAsync(ResourceName name, OperationFailedException? failure)
    {
        while (true)
        {
            try
            {
                operations.Update(name, json => OperationDocument.Finish(json, failure, time));
                return;
            }
            catch (IOException unwritten)
            {
                logger.LogError(unwritten, "The end of {Operation} could not be written; trying again", name);
            }
            await Task.Delay(TimeSpan.FromSeconds(1), time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
        }
    }

    private void Trim()
    {
        var all = operations.List("operations");
        if (all.Count <= MostKept)
            return;
        foreach (var (name, json) in all.Where(o => OperationDocument.IsDone(o.Json)).NewestFirst(o => o.Json).TakeLast(MostKept / 10))
        {
            operations.Remove(name);
            if (Local.GetString(json, OperationDocument.Request) is { } request)
                _byRequest.TryRemove(request, out _);
        }
    }
}
