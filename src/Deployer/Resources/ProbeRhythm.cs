namespace PrimeDeploy.Deployer;

/// <summary>How often a backend is asked for its health, and how many failures in a row make it unhealthy. Two answers make it healthy.</summary>
/// <param name="IntervalSeconds">From one question to the next; as long is waited for an answer.</param>
/// <param name="UnhealthyThreshold">Failures in a row.</param>
internal sealed record ProbeRhythm(int IntervalSeconds, int UnhealthyThreshold)
{
    /// <summary>
    /// For the load balancer. Google's defaults (every 5 s) notice a dead backend, or a new one, only after 10 s. An answer takes a backend
    /// microseconds: asking every second costs nothing, and two in a row still forgive one lost packet. So a failure is noticed in 2 s.
    /// </summary>
    public static ProbeRhythm Balancing { get; } = new(1, 2);

    /// <summary>
    /// For the group, which makes an unhealthy machine anew: that takes a minute, so it has to be sure. Google advises to be more patient
    /// there than in load balancing (https://cloud.google.com/compute/docs/instance-groups/autohealing-instances-in-migs).
    /// </summary>
    public static ProbeRhythm Healing { get; } = new(2, 10);
}
