using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>A single machine.</summary>
internal sealed class Instance : Resource<V1.Instance>
{
    /// <summary>A group's machines bear no mark: they come and go with their group.</summary>
    public static readonly ResourceKind ResourceKind = new("instance", DeleteAsync, ListAsync);

    /// <summary>A machine gets 90 s to stop, unless someone gave it a graceful shutdown of its own.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(10);

    private readonly string _network;
    private readonly Func<Observed, MachineParts> _parts;
    private readonly ReservedAddress? _address;

    /// <param name="name">Its name.</param>
    /// <param name="step">The task it belongs to.</param>
    /// <param name="network">The network; its subnet bears the same name.</param>
    /// <param name="parts">What it is made of.</param>
    /// <param name="address">Its address in the internet, if one is kept for it.</param>
    public Instance(string name, Step step, string network, Func<Observed, MachineParts> parts, ReservedAddress? address = null)
        : base(ResourceKind, name, step)
    {
        _network = network;
        _parts = parts;
        _address = address;
        if (address is not null) Uses = [address];
    }

    /// <summary>The address in the internet; null when it has none.</summary>
    public static string? AddressOf(V1.Instance instance) =>
        instance.NetworkInterfaces.SelectMany(network => network.AccessConfigs).FirstOrDefault(access => access.HasNatIP)?.NatIP;

    protected override Task<V1.Instance?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        ReadAsync(api, cancellationToken);

    private Task<V1.Instance?> ReadAsync(CloudApi api, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.Instances.GetAsync(
            new() { Project = api.Project, Zone = api.Zone, Instance = Name }, call), cancellationToken);

    protected override V1.Instance Desired(V1.Instance? actual, Observed seen)
    {
        var made = _parts(seen);
        var card = made.Interface(seen.Global("networks", _network));
        if (_address is not null && seen.Of(_address) is { HasAddress_: true } reserved) card.AccessConfigs[0].NatIP = reserved.Address_;
        return new()
        {
            Name = Name,
            MachineType = seen.Zonal("machineTypes", made.MachineType),
            Disks = { made.Disk },
            NetworkInterfaces = { card },
            Metadata = made.MetadataItems,
            Tags = made.Tags,
            Scheduling = made.Scheduling,
            ServiceAccounts = { made.Account },
            // Labels are set as a whole: those of others stay.
            Labels = { LabelsOfOthers(actual) },
        };
    }

    private static Dictionary<string, string> LabelsOfOthers(V1.Instance? actual) =>
        (actual?.Labels ?? []).Where(label => !label.Key.StartsWith(OwnershipMark.Prefix, StringComparison.Ordinal))
        .ToDictionary(StringComparer.Ordinal);

    protected override void Describe(V1.Instance message, FieldList fields)
    {
        MachineParts.Describe(fields, "", message.MachineType, message.Metadata, message.Tags, message.Scheduling, message.NetworkInterfaces,
            message.ServiceAccounts);
        if (_address is not null) fields.Add("networkInterfaces[0].accessConfigs[0].natIP", AddressOf(message));
    }

    protected override OwnershipMark? MarkOf(V1.Instance message) => OwnershipMark.Parse(message.Labels);

    protected override void SetMark(V1.Instance message, OwnershipMark mark) => mark.WriteTo(message.Labels);

    protected override bool ReadAfterChange => true;

    protected override IDictionary<string, string>? LabelsOf(V1.Instance message) => message.Labels;

    protected override IEnumerable<FieldDifference> CompareState(V1.Instance actual) =>
        MachineStatus.IsDown(actual.Status) ? [new(StatusField, actual.Status, MachineStatus.Running)] : [];

    private const string StatusField = "status";

    // Metadata can be changed on a running machine too, but its startup script has read it already.
    protected override bool CanUpdate(string field) => field is "tags" or StatusField;

    protected override Task InsertAsync(CloudApi api, V1.Instance desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.Instances.InsertAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceResource = desired, RequestId = id }, call), cancellationToken);

    /// <summary>Tags and labels have a call and a fingerprint each, and are there when the machine starts.</summary>
    protected override async Task PatchAsync(CloudApi api, V1.Instance actual, V1.Instance desired, CancellationToken cancellationToken)
    {
        if (await DownAsync(api, actual, cancellationToken) is not { } there)
        {
            await InsertAsync(api, desired, cancellationToken);
            return;
        }
        if (!desired.Tags.Items.ToHashSet().SetEquals(actual.Tags?.Items ?? []))
        {
            var tags = new Tags { Items = { desired.Tags.Items }, Fingerprint = actual.Tags?.Fingerprint ?? "" };
            await api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.Instances.SetTagsAsync(
                new() { Project = api.Project, Zone = api.Zone, Instance = Name, TagsResource = tags, RequestId = id }, call), cancellationToken);
        }
        if (!desired.Labels.Equals(actual.Labels))
        {
            var labels = new InstancesSetLabelsRequest { Labels = { desired.Labels }, LabelFingerprint = actual.LabelFingerprint };
            await api.MutateAsync($"label {this}", CallKind.Write, (id, call) => api.Cloud.Instances.SetLabelsAsync(
                new()
                {
                    Project = api.Project, Zone = api.Zone, Instance = Name, InstancesSetLabelsRequestResource = labels, RequestId = id,
                }, call), cancellationToken);
        }
        if (MachineStatus.IsDown(there.Status)) await StartAsync(api, there, cancellationToken);
    }

    /// <summary>Waits for a machine on its way down until it is there.</summary>
    /// <returns>Null when it is gone: it was not being stopped but deleted.</returns>
    private async Task<V1.Instance?> DownAsync(CloudApi api, V1.Instance actual, CancellationToken cancellationToken)
    {
        var poll = new Poll(api.Time, StopLimit);
        var there = actual;
        while (there is not null && MachineStatus.IsStopping(there.Status) && !poll.IsOver)
        {
            await poll.NextAsync(cancellationToken);
            there = await ReadAsync(api, cancellationToken);
        }
        return there;
    }

    private Task StartAsync(CloudApi api, V1.Instance actual, CancellationToken cancellationToken) =>
        api.MutateAsync($"start {this}", CallKind.Write, (id, call) => actual.Status == MachineStatus.Suspended
            ? api.Cloud.Instances.ResumeAsync(new() { Project = api.Project, Zone = api.Zone, Instance = Name, RequestId = id }, call)
            : api.Cloud.Instances.StartAsync(new() { Project = api.Project, Zone = api.Zone, Instance = Name, RequestId = id }, call), cancellationToken);

    protected override string? Detail(V1.Instance actual) =>
        AddressOf(actual) ?? actual.NetworkInterfaces.FirstOrDefault()?.NetworkIP;

    internal override Uri? UriOf(object actual) =>
        AddressOf((V1.Instance)actual) is { } address ? new Uri($"http://{address}/") : null;

    /// <summary>Deletes what is there under its name; one that is on its way already is waited for.</summary>
    internal async Task RemoveAsync(CloudApi api, object there, CancellationToken cancellationToken)
    {
        if (await DownAsync(api, (V1.Instance)there, cancellationToken) is not null) await DeleteAsync(api, Name, cancellationToken);
    }

    /// <summary>Deletes it, and waits only until it is on its way down: the rest takes Google 40 s.</summary>
    internal async Task BeginDeleteAsync(CloudApi api, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var deletion = DeleteAsync(api, Name, accepted, over.Token);
        var goingDown = GoingDownAsync(api, accepted.Task, over.Token);
        try
        {
            // What cannot be looked at can still be deleted.
            if (await Task.WhenAny(deletion, goingDown) == deletion || !goingDown.IsCompletedSuccessfully) await deletion;
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(deletion, goingDown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Before the deletion is accepted, somebody else may be stopping it, and it would stay.</summary>
    private async Task GoingDownAsync(CloudApi api, Task accepted, CancellationToken cancellationToken)
    {
        await accepted.WaitAsync(cancellationToken);
        var poll = new Poll(api.Time, StopLimit);
        do await poll.NextAsync(cancellationToken);
        while (await ReadAsync(api, cancellationToken) is not { } there || !MachineStatus.IsStopping(there.Status));
    }

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) => DeleteAsync(api, name, new(), cancellationToken);

    private static Task DeleteAsync(CloudApi api, string name, TaskCompletionSource accepted, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete instance {name}", async (id, call) =>
        {
            var operation = await api.Cloud.Instances.DeleteAsync(new() { Project = api.Project, Zone = api.Zone, Instance = name, RequestId = id }, call);
            accepted.TrySetResult();
            return operation;
        }, cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list instances", call => api.Cloud.Instances.ListAsync(
            new() { Project = api.Project, Zone = api.Zone }, call), cancellationToken)
        // One that is only being stopped says the same. Where that is left over, the next run sees it stopped.
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Labels), found) { IsGoing = MachineStatus.IsStopping(found.Status) };
}
