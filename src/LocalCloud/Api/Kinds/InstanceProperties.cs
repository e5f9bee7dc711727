using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The properties that an instance and an instance template share: defaults and validation.</summary>
internal static class InstanceProperties
{
    /// <param name="draft">The instance or the template.</param>
    /// <param name="json">The instance itself, or the template's <c>properties</c>.</param>
    /// <param name="field">How the place of <paramref name="json"/> is called in messages.</param>
    public static void Complete(Draft draft, JsonObject json, string field)
    {
        MachineType(draft, json, field);
        Disks(draft, json, field);
        json["metadata"] = MetadataChange.Message(json.Object("metadata"));
        Naming.CheckMetadata(draft.Problems, $"{field}.metadata", json.Object("metadata"));
        Naming.CheckTags(draft.Problems, $"{field}.tags.items", json.Object("tags")?.Texts("items") ?? []);
        Naming.CheckLabels(draft.Problems, $"{field}.labels", json.Object("labels"));
        var scheduling = json.Ensure("scheduling");
        scheduling.Default("onHostMaintenance", "MIGRATE");
        scheduling.Default("automaticRestart", true);
        scheduling.Default("preemptible", false);
        RunLimit.Check(draft.Problems, scheduling, $"{field}.scheduling");
        var index = 0;
        foreach (var account in json.Objects("serviceAccounts"))
        {
            if (string.IsNullOrEmpty(account.Text("email")))
                draft.Problems.Required($"{field}.serviceAccounts[{index}].email");
            index++;
        }
        if (index > 1)
            draft.Problems.Invalid($"{field}.serviceAccounts", $"{index} accounts", "At most one service account may be given.");
    }

    /// <summary>Names the network interfaces, and says what is wrong with them.</summary>
    public static void CompleteInterfaces(Draft draft, JsonObject json, string field)
    {
        var interfaces = json.Objects("networkInterfaces").ToList();
        if (interfaces.Count != 1)
        {
            draft.Problems.Invalid($"{field}.networkInterfaces", $"{interfaces.Count} interfaces",
                interfaces.Count == 0 ? "At least one network interface is required." : "The local cloud's machines have one network interface.");
        }
        for (var index = 0; index < interfaces.Count; index++)
        {
            var nic = interfaces[index];
            nic["kind"] = "compute#networkInterface";
            nic["name"] = $"nic{index}";
            if (nic.Text("network") is null && nic.Text("subnetwork") is null)
                nic["network"] = new ResourceName(draft.Name.Project, "global", "networks", "default").Link;
            if (nic.Text("networkIP") is { } text && !IPAddress.TryParse(text, out _))
                draft.Problems.Invalid($"{field}.networkInterfaces[{index}].networkIP", text, "Must be a valid IPv4 address.");
            foreach (var config in nic.Objects("accessConfigs"))
            {
                config["kind"] = "compute#accessConfig";
                config.Default("type", "ONE_TO_ONE_NAT");
                config.Default("name", "External NAT");
                config.Default("networkTier", "PREMIUM");
            }
        }
    }

    /// <summary>
    /// The subnetwork of an interface in a region: the one that it names, or that of its auto-mode network. Both links are set afterwards.
    /// </summary>
    /// <returns>Null, and a problem, when there is none.</returns>
    public static ResourceName? ResolveSubnetwork(Draft draft, JsonObject nic, string region, string field)
    {
        if (ResourceName.FromLink(nic.Text("subnetwork")) is { } named)
        {
            if (draft.Store.Find(named) is not { } subnetwork)
                return null; // Said already, as a link to nothing.
            if (named.Region != region)
            {
                draft.Problems.Invalid($"{field}.subnetwork", nic.Text("subnetwork"), $"The subnetwork must be in region '{region}'.");
                return null;
            }
            if (Subnetworks.IsForProxies(subnetwork))
            {
                draft.Problems.Invalid($"{field}.subnetwork", nic.Text("subnetwork"), $"The subnetwork's purpose is {Subnetworks.ProxyPurpose}; it must be PRIVATE.");
                return null;
            }
            if (nic.Text("network") is { } network && network != subnetwork.Text("network"))
                draft.Problems.Invalid($"{field}.network", network, $"The subnetwork is in another network, '{subnetwork.Text("network")}'.");
            nic["network"] = subnetwork.Text("network");
            return named;
        }
        var link = nic.Text("network") ?? new ResourceName(draft.Name.Project, "global", "networks", "default").Link;
        nic["network"] = link;
        if (ResourceName.FromLink(link) is not { } name || draft.Store.Find(name) is not { } found)
            return null;
        var own = draft.Store.List("subnetworks").Where(s => s.Name.Region == region && s.Json.Text("network") == link && !Subnetworks.IsForProxies(s.Json))
            .Select(s => s.Name).OrderBy(s => s.Id != name.Id).ToList();
        if (own.Count == 0 || found.Flag("autoCreateSubnetworks") is not true)
        {
            draft.Problems.Invalid($"{field}.subnetwork", "", $"A subnetwork must be given for '{name}', which has {(own.Count == 0 ? "none" : $"custom ones: {string.Join(", ", own.Select(s => s.Id))}")} in region '{region}'.");
            return null;
        }
        nic["subnetwork"] = own[0].Link;
        return own[0];
    }

    /// <summary>The address that was asked for, when it may be had, or a free one.</summary>
    /// <returns>Null, and a problem, when there is none.</returns>
    public static IPAddress? Assign(Draft draft, ResourceName subnetwork, string? wanted, string field)
    {
        if (wanted is null)
        {
            if (AddressAllocator.Allocate(draft.Store, subnetwork) is { } free)
                return free;
            draft.Problems.Add(new ApiProblem(403, "quotaExceeded", $"IP space of '{subnetwork}' is exhausted: its range {AddressAllocator.RangeOf(draft.Store, subnetwork)} has no free address."));
            return null;
        }
        if (!IPAddress.TryParse(wanted, out var address) || AddressAllocator.RangeOf(draft.Store, subnetwork) is not { } range)
            return null;
        if (!AddressAllocator.IsUsable(range, address))
        {
            draft.Problems.Invalid(field, wanted,
                $"The IP address must be within the range {range} of subnetwork '{subnetwork}', without its first two and last two addresses.");
            return null;
        }
        if (AddressAllocator.UserOf(draft.Store, subnetwork, address) is { Collection: not "addresses" } user && user != draft.Name)
        {
            draft.Problems.Add(new ApiProblem(400, "ipInUseByAnotherResource", $"IP '{wanted}' is already being used by another resource '{user}'."));
            return null;
        }
        return address;
    }

    private static void MachineType(Draft draft, JsonObject json, string field)
    {
        if (json.Text("machineType") is not { Length: > 0 } link)
            draft.Problems.Required($"{field}.machineType");
        else if (MachineTypes.Find(ResourceLink.LastSegment(link)) is null)
        {
            draft.Problems.Invalid($"{field}.machineType", link,
                $"The referenced machine type does not exist. Known are {string.Join(", ", MachineTypes.InOrder.Select(t => t.Name).Where(n => n.StartsWith("e2-", StringComparison.Ordinal)))} and the n1, n2 and n2d families.");
        }
    }

    private static void Disks(Draft draft, JsonObject json, string field)
    {
        var disks = json.Objects("disks").ToList();
        if (!disks.Any(d => d.Flag("boot") is true))
            draft.Problems.Invalid($"{field}.disks", $"{disks.Count} disks", "A boot disk must be specified.");
        for (var index = 0; index < disks.Count; index++)
        {
            var disk = disks[index];
            disk["kind"] = "compute#attachedDisk";
            disk.Default("type", "PERSISTENT");
            disk.Default("mode", "READ_WRITE");
            disk.Default("deviceName", $"persistent-disk-{index}");
            disk["index"] = index;
            if (disk.Object("initializeParams") is { } parameters)
                NewDisk(draft, disk, parameters, $"{field}.disks[{index}]");
        }
    }

    private static void NewDisk(Draft draft, JsonObject disk, JsonObject parameters, string field)
    {
        if (disk["source"] is not null)
            draft.Problems.Invalid($"{field}.source", disk["source"]!.ToString(), "Either source or initializeParams may be given, not both.");
        var image = parameters.Text("sourceImage") is { } link ? ImageLookup.Find(draft.Store, link, draft.Name.Project) : null;
        if (image is null && parameters["sourceImage"] is { } unknown)
            draft.Problems.Invalid($"{field}.initializeParams.sourceImage", unknown.ToString(), ImageLookup.Explanation);
        if (parameters["diskName"] is { } name)
            Naming.CheckName(draft.Problems, $"{field}.initializeParams.diskName", name.ToString());
        Naming.CheckLabels(draft.Problems, $"{field}.initializeParams.labels", parameters.Object("labels"));
        draft.Range(parameters, "diskSizeGb", $"{field}.initializeParams.diskSizeGb", image?.DiskSizeGb ?? 1, 65536);
        if (parameters.Text("diskType") is { } type && DiskTypes.Find(ResourceLink.LastSegment(type)) is null)
        {
            draft.Problems.Invalid($"{field}.initializeParams.diskType", type,
                $"The referenced disk type does not exist. Known are {string.Join(", ", DiskTypes.All.Select(t => t.Name))}.");
        }
    }
}
