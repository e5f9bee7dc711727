using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control;

/// <summary>The members of a document's <c>$local</c> object that the control loops write and read; the API strips the object from what it shows.</summary>
internal static class Local
{
    public const string Member = "$local";

    /// <summary>Instance: id of its machine (<see cref="Machines.MachineSpec.Id"/>); the same for its whole life, across boots.</summary>
    public const string Machine = "machine";

    /// <summary>Instance: the path of the managed group that it belongs to (projects/P/zones/Z/instanceGroupManagers/N).</summary>
    public const string Group = "group";

    /// <summary>Instance: paths of the unmanaged instance groups that it was added to.</summary>
    public const string InstanceGroups = "instanceGroups";

    /// <summary>Instance of a group: the version that it was made from, template and version name.</summary>
    public const string Version = "version";

    /// <summary>Instance or group: true once its deletion was asked for; the loops take it from there, also after a restart.</summary>
    public const string Deleting = "deleting";

    /// <summary>Instance that is being deleted: true once nothing keeps it any more, because the operation that deletes it has come to its end.</summary>
    public const string Gone = "gone";

    /// <summary>Instance: true while a reset is asked for and not done.</summary>
    public const string Reset = "reset";

    /// <summary>Instance: true once it has been RUNNING.</summary>
    public const string Booted = "booted";

    /// <summary>Instance that is being deleted: until when its connections may last.</summary>
    public const string DrainedAt = "drainedAt";

    /// <summary>Forwarding rule: its machines by id, and those that have left it with the time until which they may keep their connections.</summary>
    public const string Backends = "backends";

    /// <summary>Group: its members by name, also those whose instance does not exist at the moment.</summary>
    public const string Members = "members";

    /// <summary>Group: what went wrong with its members lately, newest last.</summary>
    public const string Errors = "errors";

    /// <summary>Any resource: true when it came with its project, and not from a user.</summary>
    public const string PrePopulated = "prePopulated";

    public static JsonNode? Get(JsonObject document, string member) => (document[Member] as JsonObject)?[member];

    public static string? GetString(JsonObject document, string member) => (string?)Get(document, member);

    public static bool GetFlag(JsonObject document, string member) => (bool?)Get(document, member) ?? false;

    /// <param name="document">A copy that may be changed, as inside <see cref="Documents.DocumentStore.Update"/>.</param>
    /// <param name="member">One of the constants of this class.</param>
    /// <param name="value">Null removes the member.</param>
    public static void Set(JsonObject document, string member, JsonNode? value)
    {
        if (document[Member] is not JsonObject local)
            document[Member] = local = [];
        if (value is null)
            local.Remove(member);
        else
            local[member] = value;
    }

    /// <summary>The texts of a member that is a list; empty when it is not there.</summary>
    public static IEnumerable<string> Texts(JsonObject document, string member) => (document[Member] as JsonObject)?.Texts(member) ?? [];

    /// <summary>Adds a text to a member that is a list.</summary>
    public static void With(JsonObject document, string member, string text) =>
        Set(document, member, new JsonArray([.. Texts(document, member).Append(text).Distinct(StringComparer.Ordinal).Select(t => (JsonNode)t)]));

    /// <summary>Takes a text out of a member that is a list, and the list away with its last one.</summary>
    public static void Without(JsonObject document, string member, string text)
    {
        var rest = Texts(document, member).Where(t => t != text).Select(t => (JsonNode)t).ToArray();
        Set(document, member, rest.Length == 0 ? null : new JsonArray(rest));
    }
}
