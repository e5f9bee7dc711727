using Google.Cloud.Storage.V1;
using V1 = Google.Apis.Storage.v1.Data;

namespace PrimeDeploy.Deployer;

/// <summary>Where machines fetch their startup script and their program. Closed to everyone but the project's own accounts.</summary>
internal sealed class Bucket(string name, Step step) : Resource<V1.Bucket>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new("bucket", DeleteAsync, ListAsync);

    private const string OwnerLabel = OwnershipMark.Prefix + "owner";
    private const string ZoneLabel = OwnershipMark.Prefix + "zone";

    /// <summary>Bucket names are shared by the whole world: one that is not in the project's list may be there all the same.</summary>
    internal override bool IsListed => false;

    /// <summary>Where the deployment of this bucket has its machines; null when the bucket does not say.</summary>
    public static string? ZoneOf(V1.Bucket bucket) => bucket.Labels?.TryGetValue(ZoneLabel, out var zone) is true ? zone : null;

    /// <summary>Who made the deployment of this bucket; null when the bucket does not say.</summary>
    public static string? OwnerOf(V1.Bucket bucket) => bucket.Labels?.TryGetValue(OwnerLabel, out var owner) is true ? owner : null;

    /// <summary>A deployment's bucket, whoever it belongs to; null when it is not there.</summary>
    public static Task<V1.Bucket?> FindAsync(CloudApi api, CancellationToken cancellationToken) =>
        api.FindAsync($"read bucket {api.Bucket}", call =>
            api.Cloud.Storage.GetBucketAsync(api.Bucket, null, call.CancellationToken ?? default), cancellationToken);

    protected override Task<V1.Bucket?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        FindAsync(api, cancellationToken);

    protected override V1.Bucket Desired(V1.Bucket? actual, Observed seen) => new()
    {
        Name = Name,
        Location = seen.Options.Region,
        // The bucket is the first to be made and the last to go: it tells of its deployment what cannot be told from names.
        Labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [OwnerLabel] = actual is null ? seen.Options.Owner : OwnerOf(actual) ?? seen.Options.Owner,
            [ZoneLabel] = seen.Options.Zone,
        },
        IamConfiguration = new()
        {
            UniformBucketLevelAccess = new() { Enabled = true },
            PublicAccessPrevention = "enforced",
        },
        // What is deleted is gone, and costs nothing: everything in it can be made again.
        SoftDeletePolicy = new() { RetentionDurationSeconds = 0 },
    };

    protected override void Describe(V1.Bucket message, FieldList fields) => fields
        .Add("location", message.Location?.ToLowerInvariant())
        .Add("iamConfiguration.uniformBucketLevelAccess", message.IamConfiguration?.UniformBucketLevelAccess?.Enabled)
        .Add("iamConfiguration.publicAccessPrevention", message.IamConfiguration?.PublicAccessPrevention)
        .Add("softDeletePolicy.retentionDurationSeconds", message.SoftDeletePolicy?.RetentionDurationSeconds);

    protected override OwnershipMark? MarkOf(V1.Bucket message) => OwnershipMark.Parse(message.Labels);

    protected override IDictionary<string, string>? LabelsOf(V1.Bucket message) => message.Labels;

    protected override string? WhyNotAllowed(V1.Bucket actual, Observed seen) => ZoneOf(actual) is { } zone && zone != seen.Options.Zone
        && MarkOf(actual)?.Deployment == seen.Deployment.Name
            ? $"says that the deployment {seen.Deployment.Name} is in {zone}, and a deployment cannot move. "
                + $"Use --zone={zone}, tear it down first, or deploy under another name (--name)."
            : null;

    protected override void SetMark(V1.Bucket message, OwnershipMark mark) => mark.WriteTo(message.Labels);

    // Another location is another bucket; its objects would have to be moved, so it is replaced as a whole.
    protected override bool CanUpdate(string field) => field is not "location";

    protected override Task InsertAsync(CloudApi api, V1.Bucket desired, CancellationToken cancellationToken) =>
        api.StoreAsync($"create {this}", CallKind.Write, cancel =>
            api.Cloud.Storage.CreateBucketAsync(api.Project, desired, null, cancel), cancellationToken);

    protected override Task PatchAsync(CloudApi api, V1.Bucket actual, V1.Bucket desired, CancellationToken cancellationToken)
    {
        // A label that is not named in a patch stays; one that is null goes.
        var labels = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var label in actual.Labels?.Keys.Where(label => label.StartsWith(OwnershipMark.Prefix, StringComparison.Ordinal)) ?? [])
            labels[label] = null;
        foreach (var (label, value) in desired.Labels) labels[label] = value;
        var patch = new V1.Bucket
        {
            Name = Name, Labels = labels!, IamConfiguration = desired.IamConfiguration, SoftDeletePolicy = desired.SoftDeletePolicy,
        };
        return api.StoreAsync($"update {this}", CallKind.Write, cancel =>
            api.Cloud.Storage.PatchBucketAsync(patch, null, cancel), cancellationToken);
    }

    protected override string? Detail(V1.Bucket actual) => $"gs://{Name}";

    private static async Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken)
    {
        const int Tries = 10;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await api.StoreAsync($"delete bucket {name}", CallKind.Delete, async cancel =>
                {
                    await api.Cloud.Storage.DeleteBucketAsync(name, new DeleteBucketOptions { DeleteObjects = true }, cancel);
                    return true;
                }, cancellationToken);
                return;
            }
            // It is gone, or only one of its objects is, whose deletion was repeated because the answer was lost.
            catch (Exception exception) when (CloudErrors.IsNotFound(exception))
            {
                var left = await api.FindAsync($"read bucket {name}", call =>
                    api.Cloud.Storage.GetBucketAsync(name, null, call.CancellationToken ?? default), cancellationToken);
                if (left is null) return;
                if (attempt == Tries) throw;
            }
        }
    }

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list buckets", _ => api.Cloud.Storage.ListBucketsAsync(api.Project), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Labels), found);
}
