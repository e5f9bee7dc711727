using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="RegionBackendServicesClient"/>.</summary>
public sealed class RegionBackendServicesClientBuilder : ClientBuilderBase<RegionBackendServicesClient>
{
    public override RegionBackendServicesClient Build() => new(CreateChannel());

    public override async Task<RegionBackendServicesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Backend services of a region.</summary>
public sealed class RegionBackendServicesClient
{
    private readonly ComputeService _service;

    internal RegionBackendServicesClient(RestChannel channel) => _service = new ComputeService(channel, BackendServicesReflection.Descriptor, "RegionBackendServices");

    /// <summary>With Application Default Credentials.</summary>
    public static RegionBackendServicesClient Create() => new RegionBackendServicesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<RegionBackendServicesClient> CreateAsync(CancellationToken cancellationToken = default) => new RegionBackendServicesClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteRegionBackendServiceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteRegionBackendServiceRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<BackendService> GetAsync(GetRegionBackendServiceRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetRegionBackendServiceRequest, BackendService>("Get", request, callSettings);

    public Task<BackendService> GetAsync(GetRegionBackendServiceRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<BackendService> GetAsync(string project, string region, string backendService, CallSettings callSettings = null) =>
        GetAsync(new GetRegionBackendServiceRequest { Project = Required.Name(project), Region = Required.Name(region), BackendService = Required.Name(backendService) }, callSettings);

    public Task<BackendService> GetAsync(string project, string region, string backendService, CancellationToken cancellationToken) =>
        GetAsync(project, region, backendService, CallSettings.FromCancellationToken(cancellationToken));

    public Task<BackendServiceGroupHealth> GetHealthAsync(GetHealthRegionBackendServiceRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetHealthRegionBackendServiceRequest, BackendServiceGroupHealth>("GetHealth", request, callSettings);

    public Task<BackendServiceGroupHealth> GetHealthAsync(GetHealthRegionBackendServiceRequest request, CancellationToken cancellationToken) =>
        GetHealthAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertRegionBackendServiceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertRegionBackendServiceRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<BackendServiceList, BackendService> ListAsync(ListRegionBackendServicesRequest request, CallSettings callSettings = null) =>
        _service.List<ListRegionBackendServicesRequest, BackendServiceList, BackendService>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchRegionBackendServiceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Patch", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchRegionBackendServiceRequest request, CancellationToken cancellationToken) =>
        PatchAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> UpdateAsync(UpdateRegionBackendServiceRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Update", request, callSettings);

    public Task<Operation<Operation, Operation>> UpdateAsync(UpdateRegionBackendServiceRequest request, CancellationToken cancellationToken) =>
        UpdateAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
