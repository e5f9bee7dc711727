using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Projects;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>Stands before both APIs and lets happen what goes wrong between a client and a server: refusals, delays and broken connections; then what a project may not do.</summary>
internal sealed class FaultyWire(FaultRegistry faults, ProjectGate gate, TimeProvider time)
{
    private long _calls;

    /// <summary>How many calls of the APIs have come in.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public async Task HandleAsync(HttpContext context, Func<HttpContext, Task> next)
    {
        if (ApiMethod.Of(context.Request) is not { } call)
        {
            await next(context);
            return;
        }
        Interlocked.Increment(ref _calls);
        foreach (var fault in faults.Strike(call, f => f.Error is not null || f.DelaySeconds is not null || f.Drop is not null))
        {
            if (fault.DelaySeconds is { } seconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), time, context.RequestAborted);
                continue;
            }
            await EndAsync(context, fault, next);
            return;
        }
        if (gate.RefusalOf(call) is { } refusal)
            await RefuseAsync(context, refusal);
        else
            await next(context);
    }

    private static async Task EndAsync(HttpContext context, Fault fault, Func<HttpContext, Task> next)
    {
        if (fault.Error is { } error)
        {
            await RefuseAsync(context, error);
            return;
        }
        if (fault.Drop == DroppedAnswer.AfterActing)
        {
            context.Response.Body = Stream.Null;
            await next(context);
        }
        context.Abort();
    }

    private static async Task RefuseAsync(HttpContext context, FaultError error)
    {
        // What was sent is read first: a client that is still sending would see a broken connection instead of the refusal.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        var reason = error.Reason ?? UsualReason(error.Status);
        var message = error.Message ?? $"Status {error.Status} because a fault was asked for.";
        if (StorageAddress.Of(context.Request) is { } address && !context.Request.Path.StartsWithSegments("/compute", StringComparison.Ordinal))
            await StorageWire.WriteAsync(context, address, new StorageException(error.Status, reason, reason, message));
        else
            await ApiWire.RefuseAsync(context, ApiException.Of(error.Status, reason, message));
    }

    private static string UsualReason(int status) => status switch
    {
        400 => "invalid",
        401 => "authError",
        403 => "forbidden",
        404 => "notFound",
        409 => "alreadyExists",
        412 => "conditionNotMet",
        429 => "rateLimitExceeded",
        _ => "backendError",
    };
}
