namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>What a fault has to be like.</summary>
internal static class FaultRules
{
    private const double LongestDelay = 3600;

    /// <summary>Everything that is wrong with it, for people.</summary>
    public static IReadOnlyList<string> Check(Fault fault)
    {
        var problems = new List<string>();
        var ways = new[] { fault.Error is not null, fault.DelaySeconds is not null, fault.Drop is not null, fault.Operation is not null, fault.Shortage is not null, fault.HiddenReads is not null };
        if (ways.Count(given => given) != 1)
            problems.Add("Exactly one of error, delaySeconds, drop, operation, shortage and hiddenReads has to be given.");
        if (fault.Probability is not (>= 0 and <= 1))
            problems.Add($"probability is {fault.Probability}. Allowed is 0 to 1.");
        if (fault.Count is < 1)
            problems.Add($"count is {fault.Count}. Allowed is 1 or more, or nothing for no limit.");
        if (fault.DelaySeconds is not (null or (> 0 and <= LongestDelay)))
            problems.Add($"delaySeconds is {fault.DelaySeconds}. Allowed is more than 0, at most {LongestDelay}.");
        if (fault.HiddenReads is < 1)
            problems.Add($"hiddenReads is {fault.HiddenReads}. Allowed is 1 or more.");
        if ((fault.Error?.Status ?? fault.Operation?.Status) is < 400 or > 599)
            problems.Add($"status is {fault.Error?.Status ?? fault.Operation?.Status}. Allowed is 400 to 599.");
        if (fault.Operation is { Code: not { Length: > 0 } })
            problems.Add("operation has no code. It is one such as RESOURCE_NOT_READY.");
        return problems;
    }
}
