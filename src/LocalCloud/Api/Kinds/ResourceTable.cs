using System.Collections.Frozen;
using System.Text.RegularExpressions;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The table of resources, and what can be answered by looking through all its rows.</summary>
internal static partial class ResourceTable
{
    private static readonly FrozenDictionary<string, ResourceKind> ByCollection = new ResourceKind[]
    {
        new VpcNetworks(), new Subnetworks(), new Firewalls(), new InstanceTemplates(), new Instances(),
        new InstanceGroupManagers(), new InstanceGroups(), new Autoscalers(), new HealthChecks(), new BackendServices(), new ForwardingRules(), new Addresses(),
        new Disks(), new UserImages(), new UrlMaps(), new TargetHttpProxies(),
    }.ToFrozenDictionary(k => k.Collection);

    public static ResourceKind? Find(string collection) => ByCollection.GetValueOrDefault(collection);

    public static IEnumerable<ResourceKind> Kinds => ByCollection.Values;

    /// <summary>A resource that links to this one and holds it; null when none does.</summary>
    public static ResourceName? UserOf(ResourceName name, DocumentStore store) => UsersOf(name, store).Select(u => (ResourceName?)u).FirstOrDefault();

    /// <summary>All resources that link to this one and hold it.</summary>
    public static IEnumerable<ResourceName> UsersOf(ResourceName name, DocumentStore store)
    {
        var link = name.Link;
        foreach (var kind in ByCollection.Values)
        {
            foreach (var field in kind.Links)
            {
                if (!field.Holds || field.Collection != name.Collection)
                    continue;
                foreach (var (user, json) in store.List(kind.Collection))
                {
                    if (user != name && JsonMembers.Values(json, field.Path).Contains(link, StringComparer.Ordinal))
                        yield return user;
                }
            }
        }
    }

    /// <summary>Brings every link of the document to its one form and says which ones point to nothing.</summary>
    public static void ResolveLinks(ResourceKind kind, Draft draft)
    {
        foreach (var field in kind.Links)
        {
            JsonMembers.Replace(draft.Json, field.Path, (place, link) =>
            {
                if (ResourceLink.Resolve(link, draft.Name.Project, DefaultScope(field.Collection, draft.Name), field.Collection) is not { } target)
                {
                    draft.Problems.Invalid($"resource.{place}", link, $"The URL is malformed: it must name one of the {field.Collection}.");
                    return link;
                }
                if (field.MustExist && draft.Before?.ToJsonString().Contains(target.Link, StringComparison.Ordinal) != true)
                {
                    if (draft.Store.Find(target) is not { } found)
                        draft.Problems.NotFound(target);
                    else if (found.IsDeleting())
                        draft.Problems.NotReady(target);
                }
                return target.Link;
            });
        }
    }

    public static void Remove(ResourceKind kind, ResourceName name, DocumentStore store) => store.Transact(() =>
    {
        if (store.Remove(name))
            kind.Removed(name, store);
    });

    /// <summary>For example instance_template.</summary>
    public static string SnakeCase(string singular) => Capitals().Replace(singular, m => "_" + m.Value.ToLowerInvariant());

    private static string DefaultScope(string collection, ResourceName from)
    {
        var scopes = Find(collection)?.Scopes ?? Scopes.Global;
        return scopes.HasFlag(Scopes.Global) ? "global"
            : scopes.HasFlag(Scopes.Regional) && from.Region is { } region ? $"regions/{region}"
            : from.Scope;
    }

    [GeneratedRegex("[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Capitals();
}
