using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>What an update does to a machine, from the mildest to the most disruptive, in the API's words.</summary>
internal enum UpdateAction { None, Refresh, Restart, Replace }

/// <summary>
/// What has to be done to a machine of one template to make it one of another:
/// https://cloud.google.com/compute/docs/instance-groups/rolling-out-updates-to-managed-instance-groups#minimal_action.
/// </summary>
internal static class UpdateActions
{
    /// <summary>What a running machine takes over.</summary>
    public static IReadOnlyList<string> Refreshed { get; } = ["metadata", "labels", "tags"];

    /// <summary>What a machine takes over when it boots.</summary>
    public static IReadOnlyList<string> Restarted { get; } = ["machineType", "serviceAccounts", "scheduling"];

    /// <param name="before">Properties of the template that it was made from; null when that is gone, and so nobody knows what differs.</param>
    /// <param name="after">Properties of the wanted template.</param>
    public static UpdateAction Between(JsonObject? before, JsonObject? after)
    {
        if (before is null || after is null)
            return UpdateAction.Replace;
        return before.Select(p => p.Key).Union(after.Select(p => p.Key), StringComparer.Ordinal)
            .Where(member => !JsonNode.DeepEquals(before[member], after[member]))
            .Select(member => Refreshed.Contains(member) ? UpdateAction.Refresh : Restarted.Contains(member) ? UpdateAction.Restart : UpdateAction.Replace)
            .DefaultIfEmpty(UpdateAction.None).Max();
    }

    /// <summary>NONE, REFRESH, RESTART or REPLACE; null when it is none of them.</summary>
    public static UpdateAction? Read(string? text) => Enum.TryParse<UpdateAction>(text, ignoreCase: true, out var action) ? action : null;
}
