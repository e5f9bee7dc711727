using PrimeDeploy.Deployer;

namespace PrimeDeploy.Reporting;

/// <summary>Keeps the events of a run, so that it can be reported when it has ended.</summary>
public sealed class RunRecord : IProgress<DeploymentEvent>
{
    private readonly Lock _gate = new();
    private readonly List<DeploymentEvent> _events = [];

    /// <inheritdoc/>
    public void Report(DeploymentEvent value)
    {
        lock (_gate)
            _events.Add(value);
    }

    /// <summary>What happened so far.</summary>
    public RunEvents Events()
    {
        lock (_gate)
            return new RunEvents([.. _events]);
    }
}

/// <summary>What happened in a run.</summary>
/// <param name="All">Every event, in order.</param>
public sealed record RunEvents(IReadOnlyList<DeploymentEvent> All)
{
    /// <summary>The last plan that was made; null when there was none.</summary>
    public Plan? Plan => All.OfType<PlanMade>().LastOrDefault()?.Plan;

    /// <summary>The resources that are as they are wanted.</summary>
    public IReadOnlyList<ResourceOutcome> Outcomes => [.. All.OfType<ResourceFinished>().Select(e => e.Outcome)];

    /// <summary>The resources that could not be made.</summary>
    public IReadOnlyList<ResourceFailed> Failures => [.. All.OfType<ResourceFailed>()];

    /// <summary>The resources that were left out because another failed.</summary>
    public IReadOnlyList<ResourceBlocked> Blocked => [.. All.OfType<ResourceBlocked>()];

    /// <summary>The checks of the verification, in the order in which they ended.</summary>
    public IReadOnlyList<Check> Checks => [.. All.OfType<CheckFinished>().Select(e => e.Check)];

    /// <summary>The checks in a few words: "11 of 11 checks passed".</summary>
    public string Proof => $"{Checks.Count(check => check.Result is CheckResult.Passed)} of {Checks.Count} checks passed";

    /// <summary>What became of everything that was taken down; what was only begun is not in it.</summary>
    public IReadOnlyList<TeardownItem> TakenDown =>
        [.. All.OfType<TeardownProgress>().Select(e => e.Item).Where(item => item.Result is not TeardownResult.Deleting)];

    /// <summary>How many calls were made again.</summary>
    public int Retries => All.OfType<CallRetried>().Count();

    /// <summary>Where the service can be opened; null when that is not known.</summary>
    public Uri? Frontend => Outcomes.Select(outcome => outcome.Uri).LastOrDefault(uri => uri is not null);
}
