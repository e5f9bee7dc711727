using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control;

/// <summary>What the decisions look at: every document that says something about machines and their networks, at least as new as <paramref name="Version"/>.</summary>
internal sealed record ComputeSnapshot(
    long Version,
    IReadOnlyList<Document> Networks,
    IReadOnlyList<Document> Subnetworks,
    IReadOnlyList<InstanceView> Instances,
    IReadOnlyList<Document> Firewalls,
    IReadOnlyList<Document> ForwardingRules,
    IReadOnlyList<Document> BackendServices,
    IReadOnlyList<Document> HealthChecks,
    IReadOnlyList<Document> Groups,
    IReadOnlyList<Document> Templates)
{
    public IReadOnlyList<Document> InstanceGroups { get; private init; } = [];

    public IReadOnlyList<Document> UrlMaps { get; private init; } = [];

    public IReadOnlyList<Document> TargetHttpProxies { get; private init; } = [];

    public static ComputeSnapshot Of(DocumentStore store)
    {
        var version = store.Version; // Read first: what changes after it is looked at again.
        var all = store.All().ToLookup(d => d.Name.Collection, StringComparer.Ordinal);
        return new(
            version,
            List("networks"),
            List("subnetworks"),
            [.. all["instances"].Select(d => InstanceView.Of(d.Name, d.Json))],
            List("firewalls"),
            List("forwardingRules"),
            List("backendServices"),
            List("healthChecks"),
            List("instanceGroupManagers"),
            List("instanceTemplates"))
        {
            InstanceGroups = List("instanceGroups"),
            UrlMaps = List("urlMaps"),
            TargetHttpProxies = List("targetHttpProxies"),
        };

        Document[] List(string collection) => [.. all[collection].Select(d => new Document(d.Name, d.Json))];
    }

    /// <summary>The one of some documents that has the name; null when there is none.</summary>
    public static Document? Find(IReadOnlyList<Document> documents, ResourceName? name)
    {
        foreach (var document in documents)
        {
            if (document.Name == name)
                return document;
        }

        return null;
    }

    /// <summary>The instances of a group: of an unmanaged one, or of a managed one by its own link or that of the instance group beside it.</summary>
    public IEnumerable<InstanceView> MembersOf(ResourceName group)
    {
        var manager = group with { Collection = "instanceGroupManagers" };
        return Instances.Where(i => i.Group == manager.Path || i.InstanceGroups.Contains(group.Path));
    }
}

internal readonly record struct Document(ResourceName Name, JsonObject Json);
