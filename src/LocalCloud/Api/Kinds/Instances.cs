using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Virtual machine instances (https://cloud.google.com/compute/docs/reference/rest/v1/instances).</summary>
internal sealed class Instances : ResourceKind
{
    public const string NoExternalAddress = "Quota 'IN_USE_ADDRESSES' exceeded. The local cloud has 254 external addresses.";

    public override string Collection => "instances";

    public override string Singular => "instance";

    public override Scopes Scopes => Scopes.Zonal;

    public override bool HasFingerprint => true;

    public override bool HasLabels => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links => [new("networkInterfaces[].network", "networks"), new("networkInterfaces[].subnetwork", "subnetworks"), new("disks[].source", "disks")];

    public override IReadOnlyList<string> OutputOnly =>
        ["status", "statusMessage", "cpuPlatform", "lastStartTimestamp", "lastStopTimestamp", "startRestricted", "resourceStatus", "satisfiesPzs", "satisfiesPzi"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs => InstanceVerbs.All;

    public override void Complete(Draft draft)
    {
        var instance = draft.Json;
        if (draft.Call?.Query.Text("sourceInstanceTemplate") is { } template)
            MergeTemplate(draft, template);
        instance["status"] = InstanceStatus.Provisioning;
        InstanceProperties.Complete(draft, instance, "resource");
        InstanceProperties.CompleteInterfaces(draft, instance, "resource");
        if (instance.Text("machineType") is { } type)
            instance["machineType"] = $"{ResourceLink.Base}projects/{draft.Name.Project}/{draft.Name.Scope}/machineTypes/{ResourceLink.LastSegment(type)}";
        instance.Default("deletionProtection", false);
        instance.Default("canIpForward", false);
        instance.Ensure("scheduling").Default("provisioningModel", "STANDARD");
        instance["cpuPlatform"] = "Intel Broadwell";
        instance["startRestricted"] = false;
        instance["tags"] = TagsMessage(instance.Object("tags"));
        foreach (var account in instance.Objects("serviceAccounts"))
        {
            if (account.Text("email") == "default")
                account["email"] = ProjectsApi.DefaultServiceAccount(draft.Name.Project);
        }
        InstanceDisks.Complete(draft);
        if (!draft.Problems.Any)
            Addresses(draft);
    }

    /// <summary>The disks that its document describes come into being with it.</summary>
    public override void Inserted(Draft draft)
    {
        foreach (var (disk, body) in draft.NewDisks)
            draft.Services.Create(new Disks(), disk, body);
    }

    public override void CheckDelete(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (json.Flag("deletionProtection") is true)
            throw ApiException.Of(400, "invalid", $"Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion. Turn deletionProtection of '{name}' off first.'.");
    }

    public override void MarkDeleting(JsonObject json) => Deletion.Begin(json);

    public override async Task FinishAsync(string verb, ResourceName name, ComputeServices services, IComputeControl control, CancellationToken cancellationToken)
    {
        switch (verb)
        {
            case "insert":
                await control.WhenMadeAsync(name, cancellationToken);
                break;
            case "delete":
                await control.DeleteAsync(name, cancellationToken);
                break;
            case "stop":
                await control.StopAsync(name, cancellationToken);
                services.Store.Transact(() => services.Store.Update(name, json => ReleaseExternalAddresses(name, json, services.Store)));
                break;
            case "start":
                services.Store.Transact(() => services.Store.Update(name, json => AssignExternalAddresses(json, services)));
                await control.StartAsync(name, cancellationToken);
                break;
            case "reset":
                await control.ResetAsync(name, cancellationToken);
                break;
            default:
                await control.WhenAppliedAsync(services.Store.Version, cancellationToken);
                break;
        }
    }

    public static JsonObject TagsMessage(JsonObject? wanted)
    {
        var message = new JsonObject { ["fingerprint"] = ServerFields.Fingerprint(wanted?["items"]) };
        if (wanted?["items"] is JsonArray { Count: > 0 } items)
            message["items"] = items.DeepClone();
        return message;
    }

    private static void MergeTemplate(Draft draft, string link)
    {
        if (ResourceLink.Resolve(link, draft.Name.Project, "global", "instanceTemplates") is not { } name)
            draft.Problems.Invalid("sourceInstanceTemplate", link, "The URL is malformed: it must name one of the instanceTemplates.");
        else if (draft.Store.Find(name)?.Object("properties") is not { } properties)
            draft.Problems.NotFound(name);
        else
        {
            foreach (var (member, value) in properties)
                draft.Json.Default(member, value?.DeepClone());
            draft.Json["sourceInstanceTemplate"] = name.Link;
        }
    }

    private static void Addresses(Draft draft)
    {
        foreach (var nic in draft.Json.Objects("networkInterfaces"))
        {
            var field = $"resource.networkInterfaces[{nic.Text("name")![3..]}]";
            nic.Default("stackType", "IPV4_ONLY");
            if (InstanceProperties.ResolveSubnetwork(draft, nic, draft.Name.Region!, field) is not { } subnetwork)
                continue;
            if (InstanceProperties.Assign(draft, subnetwork, nic.Text("networkIP"), $"{field}.networkIP") is { } address)
                nic["networkIP"] = address.ToString();
            nic["fingerprint"] = ServerFields.Fingerprint(nic);
        }
        CheckReserved(draft);
        if (!draft.Problems.Any && !AssignExternalAddresses(draft.Json, draft.Services))
            draft.Problems.Add(new ApiProblem(403, "quotaExceeded", NoExternalAddress));
    }

    /// <summary>An external address that a client asks for has to be reserved in the instance's region, and free.</summary>
    public static string? WhyNotReserved(DocumentStore store, ResourceName instance, string address) =>
        ExternalAddresses.ReservationOf(store, instance.Region, address) is null ? $"The specified external IP address '{address}' was not found in region '{instance.Region}'."
        : ExternalAddresses.UserOf(store, address) is { } user && user != instance ? $"The external IP address '{address}' is already being used by '{user}'."
        : null;

    private static void CheckReserved(Draft draft)
    {
        foreach (var address in draft.Json.Objects("networkInterfaces").SelectMany(nic => nic.Objects("accessConfigs")).Select(config => config.Text("natIP")).OfType<string>())
        {
            if (WhyNotReserved(draft.Store, draft.Name, address) is { } reason)
                draft.Problems.Invalid("resource.networkInterfaces[0].accessConfigs[0].natIP", address, reason);
        }
    }

    /// <summary>Gives an address to every access config that has none; false when there is none left.</summary>
    public static bool AssignExternalAddresses(JsonObject instance, ComputeServices services)
    {
        foreach (var config in instance.Objects("networkInterfaces").SelectMany(nic => nic.Objects("accessConfigs")))
        {
            if (config.Text("natIP") is not null)
                continue;
            if (services.ExternalAddresses.Allocate(services.Store) is not { } address)
                return false;
            config["natIP"] = address.ToString();
        }
        return true;
    }

    /// <summary>An address that was not reserved is lost when the instance stops.</summary>
    private static void ReleaseExternalAddresses(ResourceName name, JsonObject instance, DocumentStore store)
    {
        foreach (var config in instance.Objects("networkInterfaces").SelectMany(nic => nic.Objects("accessConfigs")))
        {
            if (config.Text("natIP") is { } address && ExternalAddresses.ReservationOf(store, name.Region, address) is null)
                config.Remove("natIP");
        }
    }
}
