using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrimeDeploy.Deployer;

/// <summary>Events for machines: one JSON object each, on one line. Members only ever become more.</summary>
public static class EventJson
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The line: <c>at</c> (ISO 8601, UTC), <c>event</c> (the type's name, <c>resourceFinished</c>), and what the event tells; durations are
    /// seconds.
    /// </summary>
    public static string Line(DeploymentEvent happened)
    {
        var line = new JsonObject
        {
            ["at"] = happened.At.UtcDateTime.ToString("O"),
            ["event"] = JsonNamingPolicy.CamelCase.ConvertName(happened.GetType().Name),
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(Content(happened), Style)!.AsObject()) line[name] = value?.DeepClone();
        return line.ToJsonString(Style);
    }

    private static object Content(DeploymentEvent happened) => happened switch
    {
        PlanMade e => new
        {
            Deployment = e.Plan.Deployment.Name,
            e.Plan.Summary,
            Changes = e.Plan.Changes.Where(change => change.Action is not PlanAction.None).Select(change =>
                new { change.Resource.Kind, change.Resource.Name, Action = Word(change.Action), change.Reason, change.Differences }),
            e.Plan.Deletions,
        },
        ResourceStarted e => new { e.Resource.Kind, e.Resource.Name, Action = Word(e.Action) },
        ResourceWaiting e => new { e.Resource.Kind, e.Resource.Name, e.For },
        ResourceFinished { Outcome: var outcome } => new
        {
            outcome.Resource.Kind, outcome.Resource.Name, Action = Word(outcome.Action), Seconds = outcome.Duration.TotalSeconds,
            outcome.Detail, outcome.Uri,
        },
        ResourceFailed e => new
        {
            e.Resource.Kind, e.Resource.Name, Action = Word(e.Action), Seconds = e.Duration.TotalSeconds, e.Error.Call, e.Error.Code,
            e.Error.Message, e.Error.Advice,
        },
        ResourceBlocked e => new { e.Resource.Kind, e.Resource.Name, Failed = new { e.Failed.Kind, e.Failed.Name } },
        CallRetried e => new { e.Call, e.Attempt, DelaySeconds = e.Delay.TotalSeconds, e.Reason },
        LeaseAwaited e => new { e.Owner, e.Since, e.Until },
        CheckFinished { Check: var check } => new
        {
            Checkpoint = Word(check.Checkpoint), check.Asked, check.From, check.Expected, check.Answer, Result = Word(check.Result),
            check.Evidence,
        },
        VerificationFinished { Report: var report } => new { report.Succeeded, Seconds = report.Duration.TotalSeconds, report.Frontend },
        TeardownProgress { Item: var item } => new
        {
            item.Kind, item.Name, Result = Word(item.Result), Seconds = item.Duration.TotalSeconds, item.Message,
        },
        _ => new { },
    };

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
