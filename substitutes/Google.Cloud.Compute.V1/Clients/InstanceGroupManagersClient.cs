using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="InstanceGroupManagersClient"/>.</summary>
public sealed class InstanceGroupManagersClientBuilder : ClientBuilderBase<InstanceGroupManagersClient>
{
    public override InstanceGroupManagersClient Build() => new(CreateChannel());

    public override async Task<InstanceGroupManagersClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Managed instance groups of a zone.</summary>
public sealed class InstanceGroupManagersClient
{
    private readonly ComputeService _service;

    internal InstanceGroupManagersClient(RestChannel channel) => _service = new ComputeService(channel, InstanceGroupManagersReflection.Descriptor, "InstanceGroupManagers");

    /// <summary>With Application Default Credentials.</summary>
    public static InstanceGroupManagersClient Create() => new InstanceGroupManagersClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<InstanceGroupManagersClient> CreateAsync(CancellationToken cancellationToken = default) => new InstanceGroupManagersClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> DeleteInstancesAsync(DeleteInstancesInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("DeleteInstances", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteInstancesAsync(DeleteInstancesInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        DeleteInstancesAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<InstanceGroupManager> GetAsync(GetInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetInstanceGroupManagerRequest, InstanceGroupManager>("Get", request, callSettings);

    public Task<InstanceGroupManager> GetAsync(GetInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<InstanceGroupManager> GetAsync(string project, string zone, string instanceGroupManager, CallSettings callSettings = null) =>
        GetAsync(new GetInstanceGroupManagerRequest { Project = Required.Name(project), Zone = Required.Name(zone), InstanceGroupManager = Required.Name(instanceGroupManager) }, callSettings);

    public Task<InstanceGroupManager> GetAsync(string project, string zone, string instanceGroupManager, CancellationToken cancellationToken) =>
        GetAsync(project, zone, instanceGroupManager, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<InstanceGroupManagerList, InstanceGroupManager> ListAsync(ListInstanceGroupManagersRequest request, CallSettings callSettings = null) =>
        _service.List<ListInstanceGroupManagersRequest, InstanceGroupManagerList, InstanceGroupManager>("List", request, callSettings);

    public PagedAsyncEnumerable<InstanceGroupManagersListErrorsResponse, InstanceManagedByIgmError> ListErrorsAsync(ListErrorsInstanceGroupManagersRequest request, CallSettings callSettings = null) =>
        _service.List<ListErrorsInstanceGroupManagersRequest, InstanceGroupManagersListErrorsResponse, InstanceManagedByIgmError>("ListErrors", request, callSettings);

    public PagedAsyncEnumerable<InstanceGroupManagersListManagedInstancesResponse, ManagedInstance> ListManagedInstancesAsync(ListManagedInstancesInstanceGroupManagersRequest request, CallSettings callSettings = null) =>
        _service.List<ListManagedInstancesInstanceGroupManagersRequest, InstanceGroupManagersListManagedInstancesResponse, ManagedInstance>("ListManagedInstances", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Patch", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        PatchAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> RecreateInstancesAsync(RecreateInstancesInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("RecreateInstances", request, callSettings);

    public Task<Operation<Operation, Operation>> RecreateInstancesAsync(RecreateInstancesInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        RecreateInstancesAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> ResizeAsync(ResizeInstanceGroupManagerRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Resize", request, callSettings);

    public Task<Operation<Operation, Operation>> ResizeAsync(ResizeInstanceGroupManagerRequest request, CancellationToken cancellationToken) =>
        ResizeAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
