using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What the group makes its machines of. Templates cannot be changed: the first bears the plain name, as in the lab, and every later one
/// the first eight digits of its content's hash behind it. The old one stays until the group has left it.
/// </summary>
internal sealed class InstanceTemplate(string name, Step step, string network, MachineParts parts)
    : Resource<V1.InstanceTemplate>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new("instance template", DeleteAsync, ListAsync)
    {
        UsedBy = [ManagedInstanceGroup.ResourceKind],
    };

    internal override bool ReplacedBeside => true;

    protected override async Task<V1.InstanceTemplate?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        Choose(await AllAsync(api, cancellationToken), seen);

    internal override object? FindAmong(IReadOnlyList<FoundResource> all, Observed seen) =>
        Choose(all.Select(found => (V1.InstanceTemplate)found.Message), seen);

    /// <summary>The version that is wanted now, or else the newest; someone else's only when there is none of ours.</summary>
    private V1.InstanceTemplate? Choose(IEnumerable<V1.InstanceTemplate> all, Observed seen)
    {
        var versions = all.Where(found => found.Name == Name || IsVersion(found.Name)).ToLookup(found => IsOurs(found, seen));
        var wanted = Fields(Desired(null, seen));
        return versions[true].FirstOrDefault(found => FieldList.Compare(Fields(found), wanted).Count == 0)
            ?? versions[true].MaxBy(found => DateTimeOffset.TryParse(found.CreationTimestamp, out var time) ? time : default)
            ?? versions[false].FirstOrDefault(found => found.Name == Name);
    }

    private static bool IsOurs(V1.InstanceTemplate found, Observed seen) =>
        OwnershipMark.Parse(found.Description)?.Deployment == seen.Deployment.Name;

    protected override V1.InstanceTemplate Desired(V1.InstanceTemplate? actual, Observed seen)
    {
        var desired = new V1.InstanceTemplate
        {
            Name = Name,
            Properties = new InstanceProperties
            {
                MachineType = parts.MachineType,
                Disks = { parts.Disk },
                NetworkInterfaces = { parts.Interface(seen.Global("networks", network)) },
                Metadata = parts.MetadataItems,
                Tags = parts.Tags,
                Scheduling = parts.Scheduling,
                ServiceAccounts = { parts.Account },
            },
        };
        if (actual is null) return desired;
        var wanted = Fields(desired);
        desired.Name = IsOurs(actual, seen) && FieldList.Compare(Fields(actual), wanted).Count == 0 ? actual.Name : $"{Name}-{wanted.Hash[..8]}";
        return desired;
    }

    protected override void Describe(V1.InstanceTemplate message, FieldList fields)
    {
        var properties = message.Properties;
        MachineParts.Describe(fields, "properties.", properties.MachineType, properties.Metadata, properties.Tags, properties.Scheduling,
            properties.NetworkInterfaces, properties.ServiceAccounts);
        foreach (var (index, disk) in properties.Disks.Index())
            fields.AddLink($"properties.disks[{index}].initializeParams.sourceImage", disk.InitializeParams?.SourceImage);
    }

    protected override OwnershipMark? MarkOf(V1.InstanceTemplate message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(V1.InstanceTemplate message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override Task InsertAsync(CloudApi api, V1.InstanceTemplate desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create instance template {desired.Name}", CallKind.Write, (id, call) => api.Cloud.InstanceTemplates.InsertAsync(
            new() { Project = api.Project, InstanceTemplateResource = desired, RequestId = id }, call), cancellationToken);

    // Someone else's template stays as it is; ours is made beside it.
    protected override bool CanMark => false;

    protected override string NameOf(V1.InstanceTemplate message) => message.Name;

    protected override string? Detail(V1.InstanceTemplate actual) =>
        actual.Name == Name ? parts.MachineType : $"{actual.Name}, {parts.MachineType}";

    private bool IsVersion(string other) =>
        other.Length == Name.Length + 9 && other.StartsWith(Name + "-", StringComparison.Ordinal) && other[^8..].All(char.IsAsciiHexDigitLower);

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete instance template {name}", (id, call) => api.Cloud.InstanceTemplates.DeleteAsync(
            new() { Project = api.Project, InstanceTemplate = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await AllAsync(api, cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);

    private static Task<IReadOnlyList<V1.InstanceTemplate>> AllAsync(CloudApi api, CancellationToken cancellationToken) =>
        api.ListAsync("list instance templates", call => api.Cloud.InstanceTemplates.ListAsync(
            new() { Project = api.Project }, call), cancellationToken);
}
