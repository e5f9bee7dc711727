using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="RegionOperationsClient"/>.</summary>
public sealed class RegionOperationsClientBuilder : ClientBuilderBase<RegionOperationsClient>
{
    public override RegionOperationsClient Build() => new(CreateChannel());

    public override async Task<RegionOperationsClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Operations on resources of a region.</summary>
public sealed class RegionOperationsClient
{
    private readonly ComputeService _service;

    internal RegionOperationsClient(RestChannel channel) => _service = new ComputeService(channel, OperationsReflection.Descriptor, "RegionOperations");

    /// <summary>With Application Default Credentials.</summary>
    public static RegionOperationsClient Create() => new RegionOperationsClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<RegionOperationsClient> CreateAsync(CancellationToken cancellationToken = default) => new RegionOperationsClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation> GetAsync(GetRegionOperationRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetRegionOperationRequest, Operation>("Get", request, callSettings);

    public Task<Operation> GetAsync(GetRegionOperationRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation> GetAsync(string project, string region, string operation, CallSettings callSettings = null) =>
        GetAsync(new GetRegionOperationRequest { Project = Required.Name(project), Region = Required.Name(region), Operation = Required.Name(operation) }, callSettings);

    public Task<Operation> GetAsync(string project, string region, string operation, CancellationToken cancellationToken) =>
        GetAsync(project, region, operation, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation> WaitAsync(WaitRegionOperationRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<WaitRegionOperationRequest, Operation>("Wait", request, callSettings);

    public Task<Operation> WaitAsync(WaitRegionOperationRequest request, CancellationToken cancellationToken) =>
        WaitAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
