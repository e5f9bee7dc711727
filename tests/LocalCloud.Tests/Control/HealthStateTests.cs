using PrimeDeploy.LocalCloud.Control.Health;
using static PrimeDeploy.LocalCloud.Control.Health.ProbeResult;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class HealthStateTests
{
    [Fact]
    public void A_backend_begins_unhealthy_and_turns_after_as_many_successes_as_the_threshold()
    {
        var state = After(HealthState.Initial, Success);
        Assert.False(state.Healthy);
        Assert.Equal("UNKNOWN", state.Verdict);

        state = After(state, Success);
        Assert.True(state.Healthy);
        Assert.Equal("HEALTHY", state.Verdict);
    }

    [Fact]
    public void A_failure_in_between_begins_the_count_anew()
    {
        var state = After(HealthState.Initial, Success, Failure, Success);

        Assert.False(state.Healthy);
    }

    [Fact]
    public void A_healthy_backend_stays_healthy_until_failures_in_a_row_reach_the_threshold()
    {
        var healthy = After(HealthState.Initial, Success, Success);

        Assert.True(After(healthy, Failure, Failure, Success, Failure, Failure).Healthy);
        Assert.False(After(healthy, Failure, Failure, Failure).Healthy);
    }

    [Fact]
    public void The_verdict_tells_silence_from_a_wrong_answer()
    {
        Assert.Equal("TIMEOUT", After(HealthState.Initial, ProbeResult.Timeout, ProbeResult.Timeout, ProbeResult.Timeout).Verdict);
        Assert.Equal("UNHEALTHY", After(HealthState.Initial, ProbeResult.Timeout, ProbeResult.Timeout, Failure).Verdict);
    }

    [Fact]
    public void A_steady_state_does_not_change()
    {
        var healthy = After(HealthState.Initial, Success, Success, Success);

        Assert.Equal(healthy, After(healthy, Success));
    }

    private static HealthState After(HealthState state, params ProbeResult[] results) =>
        results.Aggregate(state, (s, r) => s.After(r, healthyThreshold: 2, unhealthyThreshold: 3));
}
