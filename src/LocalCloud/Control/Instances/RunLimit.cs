using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>
/// How long an instance may run: <c>scheduling.maxRunDuration</c> from each of its starts on, then <c>instanceTerminationAction</c>
/// (https://cloud.google.com/compute/docs/instances/limit-vm-runtime). When that will be stands in the document, so that it counts for another server too.
/// </summary>
internal static class RunLimit
{
    private const string Stop = "STOP";
    private const string Delete = "DELETE";

    /// <summary>Of a run, in seconds: 30 s to 120 days, as documented.</summary>
    private const long Shortest = 30;
    private const long Longest = 120 * 24 * 60 * 60;

    /// <summary>Says what is wrong with the limit in <paramref name="scheduling"/>, if there is one.</summary>
    public static void Check(Problems problems, JsonObject scheduling, string field)
    {
        if (scheduling.Text("instanceTerminationAction") is { } action && action is not (Stop or Delete))
            problems.Invalid($"{field}.instanceTerminationAction", action, $"Must be one of {Stop}, {Delete}.");
        if (scheduling["maxRunDuration"] is not { } duration)
            return;
        if (Seconds(scheduling) is not (>= Shortest and <= Longest))
            problems.Invalid($"{field}.maxRunDuration", duration.ToJsonString(), $"Must be {Shortest} to {Longest} seconds.");
        if (scheduling.Text("instanceTerminationAction") is null)
            problems.Required($"{field}.instanceTerminationAction");
    }

    /// <summary>The instance begins to run.</summary>
    public static void Begin(JsonObject instance, DateTimeOffset now)
    {
        if (instance.Object("scheduling") is { } scheduling && Seconds(scheduling) is { } seconds)
            instance.Ensure("resourceStatus").Ensure("scheduling")["terminationTimestamp"] = now.AddSeconds(seconds).ToString("O");
    }

    /// <summary>The instance does not run any more, and does not have to end.</summary>
    public static void Clear(JsonObject instance) => instance.Object("resourceStatus")?.Object("scheduling")?.Remove("terminationTimestamp");

    /// <summary>When its run ends; null for never.</summary>
    public static DateTimeOffset? EndOf(JsonObject instance) =>
        DateTimeOffset.TryParse(instance.Object("resourceStatus")?.Object("scheduling")?.Text("terminationTimestamp"), CultureInfo.InvariantCulture, out var end) ? end : null;

    /// <summary>Its time is over: it is stopped or deleted, whatever it does.</summary>
    public static void End(JsonObject instance)
    {
        Clear(instance);
        if (instance.Object("scheduling")?.Text("instanceTerminationAction") == Delete)
            Deletion.Complete(instance);
        else
            instance["status"] = InstanceStatus.Stopping;
    }

    private static long? Seconds(JsonObject scheduling) => scheduling.Object("maxRunDuration")?.Integer("seconds");
}
