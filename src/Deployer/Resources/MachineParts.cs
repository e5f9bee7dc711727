using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>What a machine is made of, alike in an instance and in the template of a group's instances.</summary>
/// <param name="MachineType">For example e2-medium.</param>
/// <param name="Tag">The network tag that firewall rules aim at.</param>
/// <param name="ExternalAddress">Whether it gets one, for as long as it lives.</param>
/// <param name="Metadata">What its startup script reads.</param>
internal sealed record MachineParts(string MachineType, string Tag, bool ExternalAddress, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The lab's image, and what gcloud takes by itself: the newest of the family at the time the machine is made.</summary>
    private const string Image = "projects/debian-cloud/global/images/family/debian-12";

    /// <summary>Read the program from the bucket, write logs and metrics; nothing else.</summary>
    private static readonly IReadOnlyList<string> Scopes =
    [
        "https://www.googleapis.com/auth/devstorage.read_only",
        "https://www.googleapis.com/auth/logging.write",
        "https://www.googleapis.com/auth/monitoring.write",
    ];

    public AttachedDisk Disk { get; } = new()
    {
        AutoDelete = true,
        Boot = true,
        Mode = "READ_WRITE",
        Type = "PERSISTENT",
        InitializeParams = new AttachedDiskInitializeParams { SourceImage = Link.To(Image) },
    };

    public NetworkInterface Interface(string network) => new()
    {
        Network = network,
        AccessConfigs = { Enumerable.Repeat(new AccessConfig { Name = "External NAT", Type = "ONE_TO_ONE_NAT" }, ExternalAddress ? 1 : 0) },
    };

    public V1.Metadata MetadataItems => new()
    {
        Items = { from item in Metadata orderby item.Key select new Items { Key = item.Key, Value = item.Value } },
    };

    public Tags Tags => new() { Items = { Tag } };

    /// <summary>When the cloud deletes the machine by itself, from its start on; null for never. 30 s to 120 days.</summary>
    public TimeSpan? RunLimit { get; init; }

    public Scheduling Scheduling => RunLimit is { } limit
        ? new()
        {
            AutomaticRestart = false, InstanceTerminationAction = "DELETE", MaxRunDuration = new V1.Duration { Seconds = (long)limit.TotalSeconds },
        }
        : new() { AutomaticRestart = true };

    /// <summary>The project's default account: <c>default</c> stands for its address.</summary>
    public ServiceAccount Account { get; } = new() { Email = "default", Scopes = { Scopes } };

    /// <summary>The fields of both messages. The disk's image is left to each: an instance does not tell it back.</summary>
    public static void Describe(
        FieldList fields, string prefix, string machineType, V1.Metadata? metadata, Tags? tags, Scheduling? scheduling,
        IEnumerable<NetworkInterface> interfaces, IEnumerable<ServiceAccount> accounts)
    {
        // A template holds the bare name, an instance a link.
        fields.Add(prefix + "machineType", Link.Name(machineType))
            .AddSet(prefix + "tags", tags?.Items ?? [])
            .Add(prefix + "scheduling.automaticRestart", scheduling?.AutomaticRestart)
            .AddSet(prefix + "serviceAccounts.scopes", accounts.SelectMany(account => account.Scopes));
        foreach (var item in metadata?.Items ?? []) fields.Add($"{prefix}metadata.{item.Key}", item.Value);
        foreach (var (index, network) in interfaces.Index())
            fields.AddLink($"{prefix}networkInterfaces[{index}].network", network.Network)
                .Add($"{prefix}networkInterfaces[{index}].externalAddress", network.AccessConfigs.Count > 0);
    }
}
