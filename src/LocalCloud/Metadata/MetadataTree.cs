using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// Everything that a machine can read about itself, made of the documents alone
/// (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys).
/// </summary>
internal sealed class MetadataTree(DocumentStore documents, GuestAttributeStore guestAttributes, ServiceAccountMetadata serviceAccounts)
{
    /// <summary>What stands below <c>/computeMetadata/v1/</c>; null when the instance is gone.</summary>
    public MetadataDirectory? Build(ResourceName name)
    {
        if (documents.Find(name) is not { } instance)
            return null;
        var project = documents.Find(ResourceName.OfProject(name.Project));
        return MetadataDirectory.Of(
            ("instance", Instance(name, instance, project)),
            ("project", MetadataDirectory.Of(
                ("attributes", Attributes(project?.Object("commonInstanceMetadata"))),
                ("numeric-project-id", MetadataValue.Of(NumberOf(name))),
                ("project-id", MetadataValue.Of(name.Project)))),
            ("universe", MetadataDirectory.Of(("universe-domain", MetadataValue.Of("googleapis.com")))));
    }

    /// <summary>Off unless the metadata key enable-guest-attributes of the instance, or else of its project, is TRUE.</summary>
    public static bool AreGuestAttributesEnabled(JsonObject instance, JsonObject? project)
    {
        const string Switch = "enable-guest-attributes";
        var value = Item(instance.Object("metadata"), Switch) ?? Item(project?.Object("commonInstanceMetadata"), Switch);
        return string.Equals(value, "TRUE", StringComparison.OrdinalIgnoreCase);
    }

    private MetadataDirectory Instance(ResourceName name, JsonObject json, JsonObject? project)
    {
        var scheduling = json.Object("scheduling") ?? [];
        var disks = json.Objects("disks").ToList();
        List<(string, MetadataNode)> entries =
        [
            ("attributes", Attributes(json.Object("metadata"))),
            ("cpu-platform", MetadataValue.Of(json.Text("cpuPlatform") ?? "Unknown CPU Platform")),
            ("description", MetadataValue.Of(json.Text("description") ?? "")),
            ("disks", MetadataDirectory.OfList(disks.Select(Disk))),
            ("hostname", MetadataValue.Of(json.Text("hostname") ?? $"{name.Id}.{name.Zone}.c.{name.Project}.internal")),
            ("id", MetadataValue.Of(json.Integer("id") ?? 0)),
            ("licenses", MetadataDirectory.OfList(disks.SelectMany(d => d.Texts("licenses")).Select(l => MetadataDirectory.Of(("id", MetadataValue.Of(ResourceLink.LastSegment(l))))))),
            ("machine-type", MetadataValue.Of($"projects/{NumberOf(name)}/machineTypes/{ResourceLink.LastSegment(json.Text("machineType") ?? "")}")),
            ("maintenance-event", MetadataValue.Of("NONE")),
            ("name", MetadataValue.Of(name.Id)),
            ("network-interfaces", MetadataDirectory.OfList(json.Objects("networkInterfaces").Select((nic, index) => Interface(name, nic, index == 0)))),
            ("preempted", MetadataValue.Of("FALSE")),
            ("remaining-cpu-time", MetadataValue.Of(-1)),
            ("scheduling", MetadataDirectory.Of(
                ("automatic-restart", Flag(scheduling.Flag("automaticRestart") ?? true)),
                ("on-host-maintenance", MetadataValue.Of(scheduling.Text("onHostMaintenance") ?? "MIGRATE")),
                ("preemptible", Flag(scheduling.Flag("preemptible") ?? false)))),
            ("service-accounts", serviceAccounts.Of(name, json)),
            ("tags", MetadataValue.OfLines(json.Object("tags")?.Texts("items") ?? [], jsonByDefault: true)),
            ("virtual-clock", MetadataDirectory.Of(("drift-token", MetadataValue.Of("0")))),
            ("zone", MetadataValue.Of($"projects/{NumberOf(name)}/zones/{name.Zone}")),
        ];
        if (disks.FirstOrDefault()?.Object("initializeParams")?.Text("sourceImage") is { } image)
            entries.Add(("image", MetadataValue.Of(ResourceLink.PathOf(image))));
        if (AreGuestAttributesEnabled(json, project))
            entries.Add(("guest-attributes", GuestAttributes(json)));
        return MetadataDirectory.Of(entries);
    }

    private MetadataDirectory GuestAttributes(JsonObject instance) => MetadataDirectory.OfNames(
        guestAttributes.List(instance.Text("id") ?? "").GroupBy(a => a.Namespace)
            .Select(space => (space.Key, (MetadataNode)MetadataDirectory.OfNames(space.Select(a => (a.Key, (MetadataNode)MetadataValue.Of(a.Value)))))));

    private MetadataDirectory Interface(ResourceName instance, JsonObject nic, bool isPrimary)
    {
        var ip = nic.Text("networkIP") ?? "";
        var network = ResourceName.FromLink(nic.Text("network"));
        var range = ResourceName.FromLink(nic.Text("subnetwork")) is { } subnetwork ? AddressAllocator.RangeOf(documents, subnetwork) : null;
        return MetadataDirectory.Of(
            ("access-configs", MetadataDirectory.OfList(nic.Objects("accessConfigs").Select(access => MetadataDirectory.Of(
                ("external-ip", MetadataValue.Of(access.Text("natIP") ?? "")),
                ("type", MetadataValue.Of(access.Text("type") ?? "ONE_TO_ONE_NAT")))))),
            ("forwarded-ips", MetadataDirectory.OfList(isPrimary ? ForwardedAddresses(instance).Select(MetadataValue.Of) : [])),
            ("gateway", MetadataValue.Of(range is { } r ? AddressAllocator.GatewayOf(r).ToString() : "")),
            ("ip", MetadataValue.Of(ip)),
            ("ip-aliases", MetadataDirectory.OfList(nic.Objects("aliasIpRanges").Select(a => MetadataValue.Of(a.Text("ipCidrRange") ?? "")))),
            ("mac", MetadataValue.Of(IPAddress.TryParse(ip, out var address) ? MacOf(address) : "")),
            ("mtu", MetadataValue.Of(1460)),
            ("network", MetadataValue.Of($"projects/{NumberOf(instance)}/networks/{network?.Id}")),
            ("subnetmask", MetadataValue.Of(range is { } mask ? MaskOf(mask).ToString() : "")));
    }

    /// <summary>The load balancers' addresses that the machine has to accept packets for; the guest agent takes them from here.</summary>
    private IEnumerable<string> ForwardedAddresses(ResourceName instance)
    {
        var snapshot = ComputeSnapshot.Of(documents);
        return Frontend.All(snapshot)
            .Where(f => f.Members(snapshot).Any(m => m.Name == instance))
            .Select(f => f.Address.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static MetadataDirectory Disk(JsonObject disk, int index) => MetadataDirectory.Of(
        ("device-name", MetadataValue.Of(disk.Text("deviceName") ?? $"persistent-disk-{index}")),
        ("index", MetadataValue.Of(index)),
        ("interface", MetadataValue.Of(disk.Text("interface") ?? "SCSI")),
        ("mode", MetadataValue.Of(disk.Text("mode") ?? "READ_WRITE")),
        ("type", MetadataValue.Of("PERSISTENT")));

    private static MetadataDirectory Attributes(JsonObject? metadata) => MetadataDirectory.OfNames(
        (metadata?.Objects("items") ?? []).Where(i => i.Text("key") is not null)
            .Select(i => (i.Text("key")!, (MetadataNode)MetadataValue.Of(i.Text("value") ?? ""))));

    private static string? Item(JsonObject? metadata, string key) => metadata?.Objects("items").FirstOrDefault(i => i.Text("key") == key)?.Text("value");

    private static MetadataValue Flag(bool value) => MetadataValue.Of(value ? "TRUE" : "FALSE");

    private static long NumberOf(ResourceName name) => long.Parse(ServerFields.ProjectNumber(name.Project));

    // Google's own scheme: 42:01 and the address.
    private static string MacOf(IPAddress address) => "42:01:" + string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2")));

    private static IPAddress MaskOf(IPNetwork range) => new(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(range.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - range.PrefixLength)));
}
