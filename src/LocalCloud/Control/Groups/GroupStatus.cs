using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>What a group's document says of its members: <c>currentActions</c>, <c>status.isStable</c> and <c>status.versionTarget.isReached</c>.</summary>
internal static class GroupStatus
{
    private static readonly string[] Actions =
    [
        "none", "creating", "creatingWithoutRetries", "recreating", "deleting", "abandoning", "restarting", "refreshing", "verifying",
        "starting", "stopping", "suspending", "resuming",
    ];

    /// <param name="document">A copy that may be changed.</param>
    /// <param name="spec">The same document, read.</param>
    /// <param name="members">Its members.</param>
    public static void Write(JsonObject document, GroupSpec spec, IReadOnlyList<GroupMember> members)
    {
        var counts = members.CountBy(m => m.CurrentAction(spec), StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var actions = new JsonObject();
        foreach (var action in Actions)
            actions[action] = counts.GetValueOrDefault(action);
        document["currentActions"] = actions;

        var outdated = members.Any(m => m.Version != spec.Version);
        var status = document.Ensure("status");
        status["isStable"] = counts.GetValueOrDefault("NONE") == members.Count && members.Count == spec.TargetSize && !(outdated && spec.Proactive);
        status.Ensure("versionTarget")["isReached"] = !outdated;
    }
}
