namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>
/// Something that is to go wrong: which calls, how often, and in what way. Exactly one of <see cref="Error"/>, <see cref="DelaySeconds"/>,
/// <see cref="Drop"/>, <see cref="Operation"/>, <see cref="Shortage"/> and <see cref="HiddenReads"/> says in what way.
/// A call that several faults match meets all of them, in the order in which they were added; the first one that answers ends it.
/// </summary>
public sealed record Fault
{
    /// <summary>HTTP method, for example POST; null for all.</summary>
    public string? Method { get; init; }

    /// <summary>Project id; null for all. Calls of Cloud Storage name a project only where buckets are listed or made.</summary>
    public string? Project { get; init; }

    /// <summary>As in URLs, for example firewalls, instanceGroupManagers, operations, buckets, objects; null for all.</summary>
    public string? Collection { get; init; }

    /// <summary>
    /// get, list, aggregatedList, insert, patch, update, delete, or a method of its own such as resize or wait; null for all.
    /// A group that makes a machine counts as an insert of instances.
    /// </summary>
    public string? Verb { get; init; }

    /// <summary>Name of the resource, where the call's URL has it; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>How often it happens at most; null for no limit.</summary>
    public int? Count { get; init; }

    /// <summary>How likely a matching call is to meet it, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>
    /// Chooses the calls that a <see cref="Probability"/> below 1 meets: by what is called and the how many-th time it is, so that calls in
    /// another order are met all the same.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>The call is refused; the server does nothing.</summary>
    public FaultError? Error { get; init; }

    /// <summary>The call is held for so long before the server looks at it, at most an hour.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>The connection breaks before an answer.</summary>
    public DroppedAnswer? Drop { get; init; }

    /// <summary>The call is accepted, and then its operation fails; nothing has changed.</summary>
    public FailedOperation? Operation { get; init; }

    /// <summary>No machine can be had: the operation of an instance fails, a group tries for ever and tells in its list of errors.</summary>
    public Shortage? Shortage { get; init; }

    /// <summary>So many times a resource that was just made is not found when it is read, as when one of Google's servers does not know of it yet.</summary>
    public int? HiddenReads { get; init; }
}

/// <summary>A refusal in Google's terms.</summary>
/// <param name="Status">400 to 599.</param>
/// <param name="Reason">For example rateLimitExceeded; null for the usual one of the status.</param>
/// <param name="Message">Null for one that tells that it was asked for.</param>
public sealed record FaultError(int Status, string? Reason = null, string? Message = null);

/// <summary>When the connection breaks.</summary>
public enum DroppedAnswer
{
    /// <summary>The server has not seen the call.</summary>
    BeforeActing,

    /// <summary>The server has done what it was asked; only nobody hears of it.</summary>
    AfterActing,
}

/// <summary>An operation's error in Google's terms.</summary>
/// <param name="Code">For example RESOURCE_NOT_READY.</param>
/// <param name="Message">Null for one that tells that it was asked for.</param>
/// <param name="Status">The operation's httpErrorStatusCode, 400 to 599.</param>
public sealed record FailedOperation(string Code, string? Message = null, int Status = 503);

/// <summary>Why no machine can be had.</summary>
public enum Shortage
{
    /// <summary>ZONE_RESOURCE_POOL_EXHAUSTED: the zone is full.</summary>
    StockOut,

    /// <summary>QUOTA_EXCEEDED: the project may not have more processors in the region.</summary>
    Quota,
}

/// <summary>A fault that is waiting to happen.</summary>
/// <param name="Id">To take it back with.</param>
/// <param name="Fault">What was asked for.</param>
/// <param name="Struck">How many calls have met it.</param>
public sealed record FaultReport(int Id, Fault Fault, int Struck);
