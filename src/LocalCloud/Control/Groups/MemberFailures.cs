using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>
/// What becomes of a member that could not be created: the group tries again, at growing intervals, and keeps the error in its document
/// (<c>$local.errors</c>, newest last) in the form that <c>listErrors</c> answers with.
/// </summary>
internal static class MemberFailures
{
    private const int KeptErrors = 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static void Record(
        DocumentStore store, ResourceName group, ResourceName instance, OperationFailedException reason, DateTimeOffset now, ILogger logger)
    {
        store.Update(group, g =>
        {
            if ((Local.Get(g, Local.Members) as JsonObject)?[instance.Id] is not JsonObject json)
                return;
            var failures = (json.Integer("failures") ?? 0) + 1;
            var retryAt = now + Wait(failures);
            json["failures"] = failures;
            json["retryAt"] = retryAt.ToString("O");
            logger.MemberFailed(group.Path, instance.Id, reason.Message, retryAt);

            var errors = Local.Get(g, Local.Errors) as JsonArray ?? [];
            if (errors.Parent is null)
                Local.Set(g, Local.Errors, errors);
            errors.Add(Describe(instance, GroupMember.Read(instance.Id, json), reason, now));
            while (errors.Count > KeptErrors)
                errors.RemoveAt(0);
        });
    }

    /// <summary>1, 2, 4, 8, 16 and then always 30 seconds.</summary>
    internal static TimeSpan Wait(long failures)
    {
        var seconds = Math.Pow(2, Math.Min(failures - 1, 10));
        return seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestWait;
    }

    private static JsonObject Describe(ResourceName instance, GroupMember member, OperationFailedException reason, DateTimeOffset now)
    {
        var versionJson = new JsonObject { ["instanceTemplate"] = member.Version.Template };
        if (member.Version.Name is not null)
            versionJson["name"] = member.Version.Name;
        return new()
        {
            ["timestamp"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz"),
            ["instanceActionDetails"] = new JsonObject
            {
                ["instance"] = instance.Link,
                ["action"] = member.Made ? "RECREATING" : "CREATING",
                ["version"] = versionJson,
            },
            ["error"] = new JsonObject { ["code"] = reason.Code, ["message"] = reason.Message },
        };
    }
}
