using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Faults;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Makes the instances of managed groups, by the same way that a client's insert goes.</summary>
internal sealed class InstanceFactory(ComputeServices services) : IMemberFactory
{
    /// <summary>Inserts the document of a group's member, with status PROVISIONING, in one step; the instance loop boots it.</summary>
    /// <param name="group">Its managed group; noted in <see cref="Local.Group"/> and in the metadata <c>created-by</c>.</param>
    /// <param name="templateLink">The instance template, as the group's document links to it; also in the metadata <c>instance-template</c>.</param>
    /// <param name="versionName">Name of the group's version that it belongs to; null when it has none.</param>
    /// <param name="instance">The name that it gets.</param>
    /// <exception cref="OperationFailedException">There is no such template, no free address, or an instance of that name.</exception>
    public JsonObject InsertMember(ResourceName group, string templateLink, string? versionName, ResourceName instance) => services.Store.Transact(() =>
    {
        if (string.IsNullOrEmpty(templateLink))
            throw new OperationFailedException("INVALID_USAGE", 400, $"The group '{group}' has no instance template: patch it with one.");
        if (ResourceName.FromLink(templateLink) is not { } template || services.Store.Find(template)?.Object("properties") is not { } properties)
            throw new OperationFailedException("RESOURCE_NOT_FOUND", 404, $"The resource '{ResourceLink.PathOf(templateLink)}' was not found");
        if (services.Faults.FailureOf("POST", instance, "insert") is { } failure)
            throw failure;
        var body = BodyOf(properties, group, template);
        body["name"] = instance.Id;
        if (services.Quotas.WhyNot(instance, body) is { } exceeded)
            throw new OperationFailedException("QUOTA_EXCEEDED", 403, exceeded);
        try
        {
            services.Create(new Instances(), instance, body);
        }
        catch (ApiException refused)
        {
            throw new OperationFailedException(refused.Problems[0].Reason switch
            {
                "alreadyExists" => "RESOURCE_ALREADY_EXISTS",
                "quotaExceeded" => "IP_SPACE_EXHAUSTED",
                "notFound" => "RESOURCE_NOT_FOUND",
                "resourceNotReady" => "RESOURCE_NOT_READY",
                "ipInUseByAnotherResource" => "IP_IN_USE_BY_ANOTHER_RESOURCE",
                _ => "INVALID_USAGE",
            }, refused.Status, refused.Message);
        }
        return services.Store.Update(instance, json =>
        {
            Local.Set(json, Local.Group, group.Path);
            SetVersion(json, template, versionName);
        })!;
    });

    public void UpdateMember(ResourceName group, string templateLink, string? versionName, ResourceName instance, bool restarts) => services.Store.Transact(() =>
    {
        if (ResourceName.FromLink(templateLink) is not { } template || services.Store.Find(template)?.Object("properties") is not { } properties)
            return; // It goes when the group has left it; then the group will say so again.
        var body = BodyOf(properties, group, template);
        services.Store.Update(instance, json =>
        {
            json["metadata"] = MetadataChange.Message(body.Object("metadata"));
            json["tags"] = Kinds.Instances.TagsMessage(body.Object("tags"));
            json["labels"] = body["labels"]?.DeepClone() ?? new JsonObject();
            json["labelFingerprint"] = ServerFields.Fingerprint(json["labels"]);
            SetVersion(json, template, versionName);
            if (!restarts)
                return;
            json["machineType"] = $"{ResourceLink.Base}projects/{instance.Project}/{instance.Scope}/machineTypes/{ResourceLink.LastSegment(body.Text("machineType") ?? "")}";
            foreach (var member in (ReadOnlySpan<string>)["serviceAccounts", "scheduling"])
            {
                if (body[member] is { } value)
                    json[member] = value.DeepClone();
            }
            Local.Set(json, Local.Reset, true);
        });
    });

    private static JsonObject BodyOf(JsonObject properties, ResourceName group, ResourceName template)
    {
        var body = (JsonObject)properties.DeepClone();
        var number = ServerFields.ProjectNumber(group.Project);
        AddMetadata(body, "instance-template", $"projects/{number}/{template.Scope}/{template.Collection}/{template.Id}");
        AddMetadata(body, "created-by", $"projects/{number}/{group.Scope}/{group.Collection}/{group.Id}");
        return body;
    }

    private static void SetVersion(JsonObject json, ResourceName template, string? versionName) => Local.Set(json, Local.Version, versionName is null
        ? new JsonObject { ["template"] = template.Link }
        : new JsonObject { ["template"] = template.Link, ["versionName"] = versionName });

    private static void AddMetadata(JsonObject body, string key, string value)
    {
        var metadata = body.Ensure("metadata");
        if (metadata["items"] is not JsonArray items)
            metadata["items"] = items = [];
        items.Add(new JsonObject { ["key"] = key, ["value"] = value });
    }
}
