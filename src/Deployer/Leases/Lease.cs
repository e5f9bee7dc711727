using System.Collections.Concurrent;
using Google.Cloud.Storage.V1;
using V1 = Google.Apis.Storage.v1.Data;

namespace PrimeDeploy.Deployer;

/// <summary>
/// The right to change a deployment: an object in its bucket that only one run can write, because Cloud Storage compares its generation
/// (https://cloud.google.com/storage/docs/request-preconditions). The holder renews it; a dead holder's ends by itself, at once where it can
/// be seen that the process has ended, and otherwise after <see cref="Duration"/>.
/// </summary>
internal sealed class Lease : IAsyncDisposable
{
    public const string ObjectName = "primedeploy-lease";

    /// <summary>Long enough for a holder whose connection breaks to renew it, and for clocks that differ by some seconds.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Renewal = Duration / 4;

    /// <summary>After a cancellation the lease is given back, but hardly waited for.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(15);

    /// <summary>The runs of this process that hold one: a lease of another run of this process is a leftover.</summary>
    private static readonly ConcurrentDictionary<Guid, bool> Alive = new();

    private readonly CloudApi _api;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewing;
    private LeaseHolder _holder;
    private long? _generation;
    private bool _isGone;

    private Lease(CloudApi api, LeaseHolder holder, long? generation)
    {
        (_api, _holder, _generation, Lost) = (api, holder, generation, _lost.Token);
        _renewing = RenewAsync();
    }

    /// <summary>Cancelled when someone else has taken it: this run must stop.</summary>
    public CancellationToken Lost { get; }

    /// <param name="api">The cloud; the bucket is there.</param>
    /// <param name="options">Of which deployment, and for whom.</param>
    /// <param name="doing">For others to read: "apply".</param>
    /// <param name="wait">Called again and again while another run holds it; null to fail then.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LeaseHeldException">Another run holds it.</exception>
    public static async Task<Lease> AcquireAsync(
        CloudApi api, DeploymentOptions options, string doing, Action<LeaseHolder>? wait, CancellationToken cancellationToken)
    {
        var run = Guid.NewGuid();
        Alive[run] = true;
        try
        {
            var poll = new Poll(api.Time, TimeSpan.MaxValue);
            long generation = 0;
            while (true)
            {
                var now = api.Time.GetUtcNow();
                var wanted = new LeaseHolder(
                    run, $"{options.Owner} on {Environment.MachineName}", doing, LocalProcess.Current, now, now + Duration);
                if (await WriteAsync(api, wanted, generation, cancellationToken) is { } written) return new(api, wanted, written);

                var there = await api.FindAsync("read the lease", call => api.Cloud.Storage.GetObjectAsync(
                    api.Bucket, ObjectName, null, call.CancellationToken ?? default), cancellationToken);
                var holder = LeaseHolder.Read(there?.Metadata);
                // The answer to our own write was lost.
                if (holder?.Run == run) return new(api, holder, there!.Generation);

                // Only what is over may be written over: a living holder's has to go first.
                var isOver = holder is null || holder.Until <= now || IsDead(holder);
                generation = isOver ? there?.Generation ?? 0 : 0;
                if (holder is null || isOver) continue;
                if (wait is null) throw new LeaseHeldException(options.Name, holder);
                wait(holder);
                await poll.NextAsync(cancellationToken);
            }
        }
        catch
        {
            Alive.TryRemove(run, out _);
            throw;
        }
    }

    /// <summary>It went with its bucket: there is nothing to give back.</summary>
    public void Forget() => _isGone = true;

    /// <summary>Gives it back. Never fails: what could not be given back ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Alive.TryRemove(_holder.Run, out _)) return;
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        _lost.Dispose();
        if (!_isGone && !Lost.IsCancellationRequested) await DeleteAsync();
    }

    private async Task DeleteAsync()
    {
        // By the system's clock: it is a person who waits here.
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            // It is there, whatever a server says that does not know yet what was written a moment ago.
            await _api.StoreAsync("give the lease back", CallKind.ReadNew, async cancel =>
            {
                await _api.Cloud.Storage.DeleteObjectAsync(
                    _api.Bucket, ObjectName, new DeleteObjectOptions { IfGenerationMatch = _generation }, cancel);
                return true;
            }, limit.Token);
        }
        // Gone with its bucket, or already taken over, or out of reach.
        catch (Exception exception) when (exception is CloudException or OperationCanceledException)
        {
            return;
        }
    }

    private static bool IsDead(LeaseHolder holder) => holder.Process is { } process
        && (process == LocalProcess.Current ? !Alive.ContainsKey(holder.Run) : process.HasEnded);

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, _api.Time, _ended.Token);
                var renewed = _holder with { Until = _api.Time.GetUtcNow() + Duration };
                try
                {
                    if (await WriteAsync(_api, renewed, _generation, _ended.Token) is not { } generation)
                    {
                        if (await IsOursAsync(renewed)) continue;
                        await _lost.CancelAsync();
                        return;
                    }
                    (_holder, _generation) = (renewed, generation);
                }
                // Out of reach, or gone with its bucket: the work itself will tell. There are more tries before it ends.
                catch (CloudException)
                {
                    continue;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <summary>Whether the answer to our own renewal was lost.</summary>
    private async Task<bool> IsOursAsync(LeaseHolder renewed)
    {
        var there = await _api.FindAsync("read the lease", call => _api.Cloud.Storage.GetObjectAsync(
            _api.Bucket, ObjectName, null, call.CancellationToken ?? default), _ended.Token);
        if (LeaseHolder.Read(there?.Metadata)?.Run != renewed.Run) return false;
        (_holder, _generation) = (renewed, there!.Generation);
        return true;
    }

    /// <returns>The new generation; null when the object is not of the given one, 0 for not there.</returns>
    private static async Task<long?> WriteAsync(CloudApi api, LeaseHolder holder, long? generation, CancellationToken cancellationToken)
    {
        try
        {
            var made = await api.StoreAsync("take the lease", CallKind.Write, async cancel =>
            {
                using var nothing = new MemoryStream();
                var lease = new V1.Object { Bucket = api.Bucket, Name = ObjectName, ContentType = "text/plain", Metadata = holder.ToMetadata() };
                return await UploadWatch.RunAsync("take the lease", api.Bucket, (progress, until) => api.Cloud.Storage.UploadObjectAsync(
                    lease, nothing, new UploadObjectOptions { IfGenerationMatch = generation }, until, progress), api.Time, cancel);
            }, cancellationToken);
            return made.Generation;
        }
        catch (CloudException exception) when (CloudErrors.IsOutdated(exception))
        {
            return null;
        }
    }
}
