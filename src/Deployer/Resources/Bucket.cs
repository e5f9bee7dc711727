using Google.Cloud.Storage.V1;
using V1 = Google.Apis.Storage.v1.Data;

namespace PrimeDeploy.Deployer;

/// <summary>Where machines fetch their startup script and their program. Closed to everyone but the project's own accounts.</summary>
internal sealed class Bucket(string name, Step step) : Resource<V1.Bucket>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new("bucket", DeleteAsync, ListAsync);

    protected override Task<V1.Bucket?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call =>
            api.Cloud.Storage.GetBucketAsync(Name, null, call.CancellationToken ?? default), cancellationToken);

    protected override V1.Bucket Desired(V1.Bucket? actual, Observed seen) => new()
    {
        Name = Name,
        Location = seen.Options.Region,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal),
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

    protected override void SetMark(V1.Bucket message, OwnershipMark mark) => mark.WriteTo(message.Labels);

    // Another location is another bucket; its objects would have to be moved, so it is replaced as a whole.
    protected override bool CanUpdate(string field) => field is not "location";

    protected override Task InsertAsync(CloudApi api, V1.Bucket desired, CancellationToken cancellationToken) =>
        api.StoreAsync($"create {this}", CallKind.Write, cancel =>
            api.Cloud.Storage.CreateBucketAsync(api.Project, desired, null, cancel), cancellationToken);

    protected override Task PatchAsync(CloudApi api, V1.Bucket actual, V1.Bucket desired, CancellationToken cancellationToken)
    {
        var patch = new V1.Bucket
        {
            Name = Name, Labels = desired.Labels, IamConfiguration = desired.IamConfiguration, SoftDeletePolicy = desired.SoftDeletePolicy,
        };
        return api.StoreAsync($"update {this}", CallKind.Write, cancel =>
            api.Cloud.Storage.PatchBucketAsync(patch, null, cancel), cancellationToken);
    }

    protected override string? Detail(V1.Bucket actual) => $"gs://{Name}";

    private static async Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken)
    {
        try
        {
            await api.StoreAsync($"delete bucket {name}", CallKind.Delete, async cancel =>
            {
                await api.Cloud.Storage.DeleteBucketAsync(name, new DeleteBucketOptions { DeleteObjects = true }, cancel);
                return true;
            }, cancellationToken);
        }
        catch (Exception exception) when (CloudErrors.IsNotFound(exception))
        {
            return;
        }
    }

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list buckets", _ => api.Cloud.Storage.ListBucketsAsync(api.Project), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Labels));
}
