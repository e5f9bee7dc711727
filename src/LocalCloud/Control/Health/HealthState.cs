namespace PrimeDeploy.LocalCloud.Control.Health;

internal enum ProbeResult
{
    Success,

    /// <summary>An answer, but not the right one, or a refused connection.</summary>
    Failure,

    /// <summary>No answer in time, as when a firewall drops the packets.</summary>
    Timeout,
}

/// <summary>
/// How a backend's health follows from its probes: as many results of the other kind as the threshold says, one after another, turn it.
/// https://cloud.google.com/load-balancing/docs/health-check-concepts
/// </summary>
/// <param name="Healthy">What load balancers and groups act on; every backend begins unhealthy.</param>
/// <param name="Successes">In a row, counted up to the threshold.</param>
/// <param name="Failures">In a row, counted up to the threshold.</param>
/// <param name="Verdict">HEALTHY, UNHEALTHY, TIMEOUT, or UNKNOWN before there were probes enough to tell, as managed groups show it (detailedHealthState).</param>
internal sealed record HealthState(bool Healthy, int Successes, int Failures, string Verdict)
{
    public static HealthState Initial { get; } = new(Healthy: false, 0, 0, "UNKNOWN");

    /// <summary>Of simulated machines: there is nothing that could be asked.</summary>
    public static HealthState Assumed { get; } = new(Healthy: true, 0, 0, "HEALTHY");

    public HealthState After(ProbeResult result, int healthyThreshold, int unhealthyThreshold)
    {
        if (result == ProbeResult.Success)
        {
            var successes = Math.Min(Successes + 1, healthyThreshold);
            return successes == healthyThreshold ? new(Healthy: true, successes, 0, "HEALTHY") : this with { Successes = successes, Failures = 0 };
        }

        var failures = Math.Min(Failures + 1, unhealthyThreshold);
        return failures == unhealthyThreshold
            ? new(Healthy: false, 0, failures, result == ProbeResult.Timeout ? "TIMEOUT" : "UNHEALTHY")
            : this with { Successes = 0, Failures = failures };
    }
}
