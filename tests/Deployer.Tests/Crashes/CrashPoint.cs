namespace PrimeDeploy.Deployer.Tests.Crashes;

/// <summary>A moment to die at: right before the cloud hears a call, or right after it has done what it was asked and before the answer is heard.</summary>
/// <param name="Call">Method and path; operations have random names and stand as <c>*</c>. Or <see cref="AnyCall"/>.</param>
/// <param name="Time">The how many-th call of the same, from 1.</param>
internal sealed record CrashPoint(string Call, int Time, bool After)
{
    /// <summary>Whatever is called: counts all calls of a run in the order in which they come.</summary>
    public const string AnyCall = "call";

    public override string ToString() => $"{(After ? "after" : "before")} {Call}{(Time > 1 ? $" ({Time})" : "")}";

    /// <summary>Asked once about every call of a run: whether this is it.</summary>
    public Func<ProxiedRequest, bool> Watch()
    {
        var times = 0;
        return request => (Call == AnyCall || Call == Name(request)) && Interlocked.Increment(ref times) == Time;
    }

    /// <summary>Before every call of a run, and after it. A read, or the wait for an operation, changes nothing: after it is as before it.</summary>
    public static IReadOnlyList<CrashPoint> AllOf(IEnumerable<ProxiedRequest> requests) =>
    [
        .. from same in requests.GroupBy(Name, StringComparer.Ordinal)
           from time in Enumerable.Range(1, same.Count())
           from after in same.Key.StartsWith("GET ", StringComparison.Ordinal) || same.Key.EndsWith("/operations/*/wait", StringComparison.Ordinal) ? [false] : new[] { false, true }
           select new CrashPoint(same.Key, time, after),
    ];

    private static string Name(ProxiedRequest request)
    {
        var segments = request.Path.Split('/');
        if (Array.IndexOf(segments, "operations") is >= 0 and var operations && operations + 1 < segments.Length) segments[operations + 1] = "*";
        return $"{request.Method} {string.Join('/', segments)}";
    }
}
