using System.Threading.Channels;
using Google.Api.Gax.Grpc;
using Google.Cloud.Compute.V1;
using Google.LongRunning;
using Grpc.Core;
using Operation = Google.Cloud.Compute.V1.Operation;

namespace PrimeDeploy.Deployer;

/// <summary>
/// The one way to the cloud: bounds how many calls are under way, retries what passes, gives every mutation a request id that stays the
/// same when it is repeated, and waits for operations with the API's own long poll.
/// </summary>
internal sealed class CloudApi(CloudConnection cloud, DeploymentOptions options, EventStream events)
{
    /// <summary>
    /// One slot for each call under way; a full channel makes the next one wait. Google allows about 1500 calls a minute and project for
    /// each group of methods (https://cloud.google.com/compute/api-quota): this many at once stay well below.
    /// </summary>
    private readonly Channel<bool> _slots = Channel.CreateBounded<bool>(16);

    private readonly Retries _retries = new(events);

    /// <summary>Deleting a group of machines takes Google minutes; nothing takes it this long.</summary>
    private static readonly TimeSpan OperationLimit = TimeSpan.FromMinutes(15);

    public CloudConnection Cloud => cloud;

    public string Project => options.Project;

    public string Region => options.Region;

    public string Zone => options.Zone;

    public string Deployment => options.Name;

    /// <summary>What its resources' names begin with; empty for the lab's own.</summary>
    public string Prefix => options.Prefix;

    /// <summary>The deployment's bucket, whether or not it is there.</summary>
    public string Bucket => options.BucketName;

    public TimeProvider Time => events.Time;

    /// <summary>Reads something that is there.</summary>
    /// <exception cref="CloudException">It cannot be read.</exception>
    public Task<T> ReadAsync<T>(
        string call, Func<CallSettings, Task<T>> read, CancellationToken cancellationToken, CallKind kind = CallKind.Read) =>
        StoreAsync(call, kind, cancel => read(Settings(cancel)), cancellationToken);

    /// <summary>Reads something that may not be there: null then.</summary>
    /// <exception cref="CloudException">It cannot be told whether it is there.</exception>
    public async Task<T?> FindAsync<T>(string call, Func<CallSettings, Task<T>> read, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await ReadAsync(call, read, cancellationToken);
        }
        catch (Exception exception) when (CloudErrors.IsNotFound(exception))
        {
            return null;
        }
    }

    /// <summary>Reads a list to its end.</summary>
    /// <exception cref="CloudException">It cannot be read.</exception>
    public Task<IReadOnlyList<T>> ListAsync<T>(
        string call, Func<CallSettings, IAsyncEnumerable<T>> list, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<T>>(call, async settings =>
        {
            var all = new List<T>();
            await foreach (var one in list(settings).WithCancellation(settings.CancellationToken ?? default)) all.Add(one);
            return all;
        }, cancellationToken);

    /// <summary>Changes something and waits until that is done.</summary>
    /// <param name="call">For people: "create firewall rule http".</param>
    /// <param name="kind">Write or delete.</param>
    /// <param name="send">Sends the request with the given request id.</param>
    /// <param name="cancellationToken">Stops waiting; what was sent is done by the cloud all the same.</param>
    /// <exception cref="CloudException">It failed for good, or too often.</exception>
    public Task MutateAsync(
        string call, CallKind kind, Func<string, CallSettings, Task<Operation<Operation, Operation>>> send, CancellationToken cancellationToken) =>
        // An operation that failed is begun anew, under a new id; a request whose answer was lost is repeated under the same one.
        NamedAsync(call, () => _retries.OperationAsync(call, kind, async cancel =>
        {
            var requestId = Guid.NewGuid().ToString();
            var sent = await _retries.CallAsync(
                call, kind, attempt => BoundedAsync(() => send(requestId, Settings(attempt)), attempt), cancel);
            await WaitAsync(call, sent.Metadata, cancel);
            return true;
        }, cancellationToken));

    /// <summary>Makes a call that has no operation, because it reads, or because Cloud Storage answers when it is done.</summary>
    /// <exception cref="CloudException">It failed for good, or too often.</exception>
    public Task<T> StoreAsync<T>(string call, CallKind kind, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        NamedAsync(call, () => _retries.CallAsync(call, kind, cancel => BoundedAsync(() => send(cancel), cancel), cancellationToken));

    /// <summary>Deletes; what is not there is deleted already.</summary>
    public async Task DeleteAsync(
        string call, Func<string, CallSettings, Task<Operation<Operation, Operation>>> send, CancellationToken cancellationToken)
    {
        try
        {
            await MutateAsync(call, CallKind.Delete, send, cancellationToken);
        }
        catch (Exception exception) when (CloudErrors.IsNotFound(exception))
        {
            return;
        }
    }

    private async Task WaitAsync(string call, Operation operation, CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        while (operation.Status is not Operation.Types.Status.Done)
        {
            if (Time.GetElapsedTime(start) > OperationLimit)
                throw new CloudException(CloudErrors.Of(call, "Timeout",
                    $"Operation {operation.Name} is not done after {OperationLimit.TotalMinutes:0} minutes."));
            var asked = Time.GetTimestamp();
            operation = await _retries.CallAsync(
                $"wait for {call}", CallKind.Read, cancel => LongPollAsync(operation, Settings(cancel)), cancellationToken);

            // Google promises nothing about how long the long poll holds: one that answers at once must not become a busy loop.
            if (operation.Status is not Operation.Types.Status.Done && Time.GetElapsedTime(asked) < TimeSpan.FromMilliseconds(200))
                await Task.Delay(TimeSpan.FromMilliseconds(200), Time, cancellationToken);
        }
        if (operation.Error?.Errors.FirstOrDefault() is { } first)
            throw new CloudException(CloudErrors.Of(call, first.Code, string.Join(' ', operation.Error.Errors.Select(error => error.Message))));
        if (operation.HttpErrorStatusCode >= 400)
            throw new CloudException(CloudErrors.Of(call, operation.HttpErrorStatusCode.ToString(), operation.HttpErrorMessage));
    }

    private async Task<Operation> LongPollAsync(Operation operation, CallSettings settings)
    {
        try
        {
            var name = operation.Name;
            return await (operation switch
            {
                { HasZone: true } => cloud.ZoneOperations.WaitAsync(
                    new WaitZoneOperationRequest { Project = Project, Zone = Link.Name(operation.Zone), Operation = name }, settings),
                { HasRegion: true } => cloud.RegionOperations.WaitAsync(
                    new WaitRegionOperationRequest { Project = Project, Region = Link.Name(operation.Region), Operation = name }, settings),
                _ => cloud.GlobalOperations.WaitAsync(new WaitGlobalOperationRequest { Project = Project, Operation = name }, settings),
            });
        }
        // The long poll may hold for 120 s, and the client's own limit for one request is 100 s: it is simply not done yet.
        catch (RpcException cut)
            when (cut.StatusCode is StatusCode.Cancelled && settings.CancellationToken is not { IsCancellationRequested: true })
        {
            return operation;
        }
    }

    private static async Task<T> NamedAsync<T>(string call, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is not (CloudException or OperationCanceledException))
        {
            throw new CloudException(CloudErrors.Of(call, exception), exception);
        }
    }

    private async Task<T> BoundedAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken)
    {
        await _slots.Writer.WriteAsync(true, cancellationToken);
        try
        {
            return await send();
        }
        finally
        {
            _slots.Reader.TryRead(out _);
        }
    }

    /// <summary>Our retries are the only ones: the client's own say nothing while they go on for ten minutes.</summary>
    private static CallSettings Settings(CancellationToken cancellationToken) =>
        CallSettings.FromCancellationToken(cancellationToken).WithRetry(Once);

    private static readonly RetrySettings Once = RetrySettings.FromConstantBackoff(1, TimeSpan.Zero, _ => false);
}
