using Google.Api.Gax.Grpc;
using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Keeps a number of machines running in one zone: makes those that are missing, and rolls over to a new template without ever having
/// fewer.
/// </summary>
internal sealed class ManagedInstanceGroup : Resource<InstanceGroupManager>
{
    public static readonly ResourceKind ResourceKind = new("managed instance group", DeleteAsync, ListAsync)
    {
        UsedBy = [BackendService.ResourceKind],
    };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly InstanceTemplate _template;
    private readonly int _size;

    /// <param name="name">Its name, and what its machines' names begin with.</param>
    /// <param name="step">The task it belongs to.</param>
    /// <param name="template">What the machines are made of.</param>
    /// <param name="size">How many.</param>
    public ManagedInstanceGroup(string name, Step step, InstanceTemplate template, int size) : base(ResourceKind, name, step)
    {
        _template = template;
        _size = size;
        Uses = [template];
    }

    protected override Task<InstanceGroupManager?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => GetAsync(api, call), cancellationToken);

    protected override InstanceGroupManager Desired(InstanceGroupManager? actual, Observed seen) => new()
    {
        Name = Name,
        BaseInstanceName = Name,
        InstanceTemplate = seen.Global("instanceTemplates", seen.Of(_template)?.Name ?? _template.Name),
        TargetSize = _size,
        // By default a group changes nothing when it gets another template. PROACTIVE rolls over by itself: one more machine first, and one
        // less only when the new one runs.
        UpdatePolicy = new InstanceGroupManagerUpdatePolicy
        {
            Type = "PROACTIVE",
            MinimalAction = "REPLACE",
            ReplacementMethod = "SUBSTITUTE",
            MaxSurge = new FixedOrPercent { Fixed = 1 },
            MaxUnavailable = new FixedOrPercent { Fixed = 0 },
        },
    };

    protected override void Describe(InstanceGroupManager message, FieldList fields) => fields
        .Add("baseInstanceName", message.BaseInstanceName)
        .AddLink("instanceTemplate", message.InstanceTemplate)
        .Add("targetSize", message.TargetSize)
        .Add("updatePolicy.type", message.UpdatePolicy?.Type)
        .Add("updatePolicy.minimalAction", message.UpdatePolicy?.MinimalAction)
        .Add("updatePolicy.replacementMethod", message.UpdatePolicy?.ReplacementMethod)
        .Add("updatePolicy.maxSurge", message.UpdatePolicy?.MaxSurge?.Fixed)
        .Add("updatePolicy.maxUnavailable", message.UpdatePolicy?.MaxUnavailable?.Fixed);

    protected override OwnershipMark? MarkOf(InstanceGroupManager message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(InstanceGroupManager message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool CanUpdate(string field) => true;

    protected override Task InsertAsync(CloudApi api, InstanceGroupManager desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.InstanceGroupManagers.InsertAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManagerResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(
        CloudApi api, InstanceGroupManager actual, InstanceGroupManager desired, CancellationToken cancellationToken)
    {
        // The group's own list of versions wins over the template, so both are given.
        var patch = desired.Clone();
        patch.Versions.Add(new InstanceGroupManagerVersion { InstanceTemplate = desired.InstanceTemplate });
        return api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.InstanceGroupManagers.PatchAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = Name, InstanceGroupManagerResource = patch, RequestId = id },
            call), cancellationToken);
    }

    /// <summary>Waits until all machines run. Making the group is done long before that, and the load balancer is made meanwhile.</summary>
    protected override async Task<InstanceGroupManager> SettleAsync(
        CloudApi api, InstanceGroupManager actual, Observed seen, Action<string> waiting, CancellationToken cancellationToken)
    {
        var said = "";
        var poll = new Poll(api.Time, Patience);
        while (!IsSettled(actual))
        {
            actual = await api.ReadAsync($"read {this}", call => GetAsync(api, call), cancellationToken, CallKind.ReadNew);
            if (IsSettled(actual)) break;
            var now = $"{actual.CurrentActions?.None ?? 0} of {_size} machines run{(poll.IsLong ? await LastErrorAsync(api, cancellationToken) : "")}";
            if (poll.IsOver) throw new CloudException(CloudErrors.Of($"wait for {this}", "Timeout", $"After {Patience.TotalMinutes:0} minutes {now}."));
            if (now != said) waiting(said = now);
            await poll.NextAsync(cancellationToken);
        }
        return actual;
    }

    protected override string? Detail(InstanceGroupManager actual) => $"{actual.TargetSize} machines";

    /// <summary>A group that was just made says nothing of its actions yet.</summary>
    private bool IsSettled(InstanceGroupManager group) =>
        group.Status is { IsStable: true } && (group.CurrentActions?.None ?? 0) == _size
            && group.Status.VersionTarget is not { IsReached: false };

    /// <summary>A machine that cannot be made is tried again for ever: the only sign is in the group's list of errors.</summary>
    private async Task<string> LastErrorAsync(CloudApi api, CancellationToken cancellationToken)
    {
        var errors = await api.ListAsync($"list errors of {this}", call => api.Cloud.InstanceGroupManagers.ListErrorsAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = Name }, call), cancellationToken);
        return errors is [.., { Error: { } last }] ? $"; the last error: {last.Code}: {last.Message}" : "";
    }

    private Task<InstanceGroupManager> GetAsync(CloudApi api, CallSettings call) => api.Cloud.InstanceGroupManagers.GetAsync(
        new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = Name }, call);

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete managed instance group {name}", (id, call) => api.Cloud.InstanceGroupManagers.DeleteAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list managed instance groups", call => api.Cloud.InstanceGroupManagers.ListAsync(
            new() { Project = api.Project, Zone = api.Zone }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description));
}
