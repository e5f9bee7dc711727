using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="InstancesClient"/>.</summary>
public sealed class InstancesClientBuilder : ClientBuilderBase<InstancesClient>
{
    public override InstancesClient Build() => new(CreateChannel());

    public override async Task<InstancesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Machines of a zone.</summary>
public sealed class InstancesClient
{
    private readonly ComputeService _service;

    internal InstancesClient(RestChannel channel) => _service = new ComputeService(channel, InstancesReflection.Descriptor, "Instances");

    /// <summary>With Application Default Credentials.</summary>
    public static InstancesClient Create() => new InstancesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<InstancesClient> CreateAsync(CancellationToken cancellationToken = default) => new InstancesClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteInstanceRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Instance> GetAsync(GetInstanceRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetInstanceRequest, Instance>("Get", request, callSettings);

    public Task<Instance> GetAsync(GetInstanceRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Instance> GetAsync(string project, string zone, string instance, CallSettings callSettings = null) =>
        GetAsync(new GetInstanceRequest { Project = Required.Name(project), Zone = Required.Name(zone), Instance = Required.Name(instance) }, callSettings);

    public Task<Instance> GetAsync(string project, string zone, string instance, CancellationToken cancellationToken) =>
        GetAsync(project, zone, instance, CallSettings.FromCancellationToken(cancellationToken));

    public Task<GuestAttributes> GetGuestAttributesAsync(GetGuestAttributesInstanceRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetGuestAttributesInstanceRequest, GuestAttributes>("GetGuestAttributes", request, callSettings);

    public Task<GuestAttributes> GetGuestAttributesAsync(GetGuestAttributesInstanceRequest request, CancellationToken cancellationToken) =>
        GetGuestAttributesAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<SerialPortOutput> GetSerialPortOutputAsync(GetSerialPortOutputInstanceRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetSerialPortOutputInstanceRequest, SerialPortOutput>("GetSerialPortOutput", request, callSettings);

    public Task<SerialPortOutput> GetSerialPortOutputAsync(GetSerialPortOutputInstanceRequest request, CancellationToken cancellationToken) =>
        GetSerialPortOutputAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertInstanceRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<InstanceList, Instance> ListAsync(ListInstancesRequest request, CallSettings callSettings = null) =>
        _service.List<ListInstancesRequest, InstanceList, Instance>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> ResetAsync(ResetInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Reset", request, callSettings);

    public Task<Operation<Operation, Operation>> ResetAsync(ResetInstanceRequest request, CancellationToken cancellationToken) =>
        ResetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> ResumeAsync(ResumeInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Resume", request, callSettings);

    public Task<Operation<Operation, Operation>> ResumeAsync(ResumeInstanceRequest request, CancellationToken cancellationToken) =>
        ResumeAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> SetLabelsAsync(SetLabelsInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("SetLabels", request, callSettings);

    public Task<Operation<Operation, Operation>> SetLabelsAsync(SetLabelsInstanceRequest request, CancellationToken cancellationToken) =>
        SetLabelsAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> SetMetadataAsync(SetMetadataInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("SetMetadata", request, callSettings);

    public Task<Operation<Operation, Operation>> SetMetadataAsync(SetMetadataInstanceRequest request, CancellationToken cancellationToken) =>
        SetMetadataAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> SetTagsAsync(SetTagsInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("SetTags", request, callSettings);

    public Task<Operation<Operation, Operation>> SetTagsAsync(SetTagsInstanceRequest request, CancellationToken cancellationToken) =>
        SetTagsAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> StartAsync(StartInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Start", request, callSettings);

    public Task<Operation<Operation, Operation>> StartAsync(StartInstanceRequest request, CancellationToken cancellationToken) =>
        StartAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> StopAsync(StopInstanceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Stop", request, callSettings);

    public Task<Operation<Operation, Operation>> StopAsync(StopInstanceRequest request, CancellationToken cancellationToken) =>
        StopAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
