using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>
/// Instance groups, which load balancers refer to: those that stand beside managed ones, and unmanaged ones whose members somebody chooses
/// (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroups).
/// </summary>
internal sealed class InstanceGroups : ResourceKind
{
    public override string Collection => "instanceGroups";

    public override string Singular => "instanceGroup";

    public override Scopes Scopes => Scopes.Zonal | Scopes.Regional;

    /// <summary>A group of a region is always one that stands beside a managed group.</summary>
    public override Methods MethodsIn(string scope) => IsRegional(scope) ? Methods.Read : Methods;

    public override string ListKind(string scope) => RegionalListKind(Singular, scope);

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links => [new("network", "networks", MustExist: false), new("subnetwork", "subnetworks", MustExist: false)];

    public override IReadOnlyList<string> OutputOnly => ["size"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs => InstanceGroupVerbs.All;

    public override void Complete(Draft draft)
    {
        draft.Json.Default("size", 0);
        CheckPorts(draft.Problems, "resource.namedPorts", draft.Json);
    }

    public override void Removed(ResourceName name, DocumentStore store)
    {
        foreach (var (instance, _) in MembersOf(store, name).ToList())
            store.Update(instance, json => Local.Without(json, Local.InstanceGroups, name.Path));
    }

    public override void CheckDelete(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (ManagerOf(name, store) is { } manager)
            throw ApiException.Of(400, "resourceInUseByAnotherResource", $"The instance_group resource '{name}' is already being used by '{manager}'");
    }

    public override JsonObject View(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (ManagerOf(name, store) is not null)
            return json; // Its manager's loop keeps the size.
        var view = (JsonObject)json.DeepClone();
        view["size"] = MembersOf(store, name).Count();
        return view;
    }

    /// <summary>Lists of groups and of what belongs to them are called otherwise in a region, for example regionInstanceGroup.</summary>
    public static string RegionalListKind(string singular, string scope) => IsRegional(scope) ? $"region{char.ToUpperInvariant(singular[0])}{singular[1..]}" : singular;

    private static bool IsRegional(string scope) => scope.StartsWith("regions/", StringComparison.Ordinal);

    /// <summary>The managed group of the same name; null for an unmanaged group.</summary>
    public static ResourceName? ManagerOf(ResourceName name, DocumentStore store) =>
        name with { Collection = "instanceGroupManagers" } is var manager && store.Find(manager) is not null ? manager : null;

    /// <summary>The instances of a group, managed or not, that exist.</summary>
    public static IEnumerable<(ResourceName Name, JsonObject Json)> MembersOf(DocumentStore store, ResourceName group)
    {
        var manager = (group with { Collection = "instanceGroupManagers" }).Path;
        return store.List("instances").Where(i => Local.GetString(i.Json, Local.Group) == manager || Local.Texts(i.Json, Local.InstanceGroups).Contains(group.Path));
    }

    public static void CheckPorts(Problems problems, string field, JsonObject json)
    {
        var index = 0;
        foreach (var port in json.Objects("namedPorts"))
        {
            var at = $"{field}[{index++}]";
            Naming.CheckName(problems, $"{at}.name", port.Text("name"));
            if (port.Integer("port") is not (>= 1 and <= 65535))
                problems.Invalid($"{at}.port", port["port"]?.ToString(), "Must be a port from 1 to 65535.");
        }
    }
}
