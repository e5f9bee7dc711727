using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Reporting;

/// <summary>Events in words.</summary>
internal static class EventText
{
    /// <summary>The task that an event belongs to; null for what concerns all.</summary>
    public static Step? StepOf(DeploymentEvent happened) => happened switch
    {
        ResourceStarted e => e.Resource.Step,
        ResourceWaiting e => e.Resource.Step,
        ResourceFinished e => e.Outcome.Resource.Step,
        ResourceFailed e => e.Resource.Step,
        ResourceBlocked e => e.Resource.Step,
        _ => null,
    };

    /// <summary>One line, or null for an event that a person need not see.</summary>
    public static string? Line(DeploymentEvent happened) => happened switch
    {
        PlanMade e => $"Plan: {e.Plan.Summary}",
        ResourceStarted e => $"{e.Resource}: {Doing(e.Action)} …",
        ResourceWaiting e => $"{e.Resource}: {e.For} …",
        ResourceFinished { Outcome: { Action: PlanAction.None } outcome } => $"{outcome.Resource}: unchanged{Detail(outcome)}",
        ResourceFinished e => $"{e.Outcome.Resource}: {Done(e.Outcome.Action)} in {Seconds(e.Outcome.Duration)}{Detail(e.Outcome)}",
        ResourceFailed e => $"{e.Resource}: failed after {Seconds(e.Duration)}: {e.Error}",
        ResourceBlocked e => $"{e.Resource}: not completed, because {e.Failed} failed",
        CallRetried e => $"{e.Call}: try {e.Attempt} failed ({e.Reason}), again in {Seconds(e.Delay)}",
        LeaseAwaited e => $"{e.Owner} works on the deployment since {e.Since.UtcDateTime:HH:mm:ss} UTC: waiting …",
        CheckFinished e => $"{Word(e.Check.Result),-7} {e.Check.Asked} from {e.Check.From}: {e.Check.Answer}",
        VerificationFinished { Report: { Frontend: { } frontend } report } when report.Checks.All(check => check.Result is CheckResult.Passed) =>
            $"All checks passed: {frontend} serves.",
        TeardownProgress e => $"{e.Item.Kind} {e.Item.Name}: {What(e.Item)}",
        _ => null,
    };

    public static string Word(CheckResult result) => result switch
    {
        CheckResult.Passed => "ok",
        CheckResult.Skipped => "skipped",
        _ => "FAILED",
    };

    public static string Done(PlanAction action) => action switch
    {
        PlanAction.Create => "created",
        PlanAction.Update => "updated",
        PlanAction.Replace => "replaced",
        _ => "unchanged",
    };

    public static string Seconds(TimeSpan duration) => $"{duration.TotalSeconds:F2} s";

    private static string Doing(PlanAction action) => action switch
    {
        PlanAction.Create => "creating",
        PlanAction.Update => "updating",
        PlanAction.Replace => "replacing",
        _ => "deleting",
    };

    private static string What(TeardownItem item) => item.Result switch
    {
        TeardownResult.Deleting => "deleting …",
        TeardownResult.Deleted => $"deleted in {Seconds(item.Duration)}",
        TeardownResult.Left => $"left as it is; {item.Message}",
        _ => $"not deleted: {item.Message}",
    };

    private static string Detail(ResourceOutcome outcome) => outcome.Detail is { } detail ? $" ({detail})" : "";
}
