using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Makes a document of what a client sent: the server's own members, links in their one form, defaults, validation, fingerprints.</summary>
internal static class DocumentMaker
{
    private static readonly string[] ServerMembers = ["kind", "id", "creationTimestamp", "name", "selfLink", "selfLinkWithId", "zone", "region", Local.Member];

    /// <summary>Puts a new document into the store. Call it inside a step of the store.</summary>
    /// <exception cref="ApiException">The body is not valid, or there is one of that name.</exception>
    public static JsonObject Create(ComputeServices services, ResourceKind kind, ResourceName name, JsonObject body, ApiCall? call)
    {
        var problems = new Problems();
        Naming.CheckName(problems, "resource.name", body.Text("name"));
        if (services.Store.Find(name) is { } existing)
            throw existing.IsDeleting() ? ApiException.NotReady(name) : ApiException.AlreadyExists(name);

        var json = new JsonObject
        {
            ["kind"] = $"compute#{kind.Singular}",
            ["id"] = ServerFields.NewId(),
            ["creationTimestamp"] = ServerFields.Timestamp(services.Time),
            ["name"] = name.Id,
        };
        foreach (var (member, value) in body)
        {
            if (value is not null && !ServerMembers.Contains(member) && !kind.OutputOnly.Contains(member)) // null is the same as not there.
                json[member] = value.DeepClone();
        }
        if (name.Scope != "global")
            json[name.Zone is null ? "region" : "zone"] = $"{ResourceLink.Base}projects/{name.Project}/{name.Scope}";
        var draft = new Draft(name, json, null, services, problems) { Call = call };
        Complete(kind, draft);
        json["selfLink"] = name.Link;
        services.Store.TryInsert(name, json);
        kind.Inserted(draft);
        return json;
    }

    /// <summary>Puts a changed document in place of the one that is there. Call it inside a step of the store.</summary>
    /// <param name="json">What the client wants it to be; what only the server writes is taken from <paramref name="before"/>.</param>
    /// <exception cref="ApiException">The change is not valid.</exception>
    public static void Replace(ComputeServices services, ResourceKind kind, ResourceName name, JsonObject before, JsonObject json, ApiCall call)
    {
        var problems = new Problems();
        if (json.Text("name") is { } asked && asked != name.Id)
            problems.Invalid("resource.name", asked, $"The name cannot be changed; it is '{name.Id}'.");
        foreach (var (member, _) in json.Where(m => m.Value is null).ToList())
            json.Remove(member);
        foreach (var member in ServerMembers.Concat(kind.OutputOnly).Append("labelFingerprint"))
            Restore(json, before, member);
        foreach (var member in kind.Immutable.Where(m => json[m] is null))
            Restore(json, before, member);
        Complete(kind, new Draft(name, json, before, services, problems) { Call = call });
        services.Store.Update(name, document =>
        {
            document.Clear();
            foreach (var (member, value) in json)
                document[member] = value?.DeepClone();
        });
    }

    private static void Complete(ResourceKind kind, Draft draft)
    {
        ResourceTable.ResolveLinks(kind, draft);
        kind.Complete(draft);
        if (kind.HasLabels)
        {
            Naming.CheckLabels(draft.Problems, "resource.labels", draft.Json.Object("labels"));
            draft.Json["labelFingerprint"] = ServerFields.Fingerprint(draft.Json["labels"]);
        }
        foreach (var member in kind.Immutable)
        {
            if (draft.Before is { } before && !JsonNode.DeepEquals(before[member], draft.Json[member]))
                draft.Problems.Invalid($"resource.{member}", draft.Json[member]?.ToString(), $"{member} cannot be changed; it is '{before[member]}'.");
        }
        draft.Problems.Throw();
        if (kind.HasFingerprint)
        {
            draft.Json.Remove("fingerprint");
            draft.Json["fingerprint"] = ServerFields.Fingerprint(draft.Json);
        }
    }

    private static void Restore(JsonObject json, JsonObject before, string member)
    {
        json.Remove(member);
        if (before[member] is { } value)
            json[member] = value.DeepClone();
    }
}
