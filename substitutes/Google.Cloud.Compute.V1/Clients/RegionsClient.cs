using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="RegionsClient"/>.</summary>
public sealed class RegionsClientBuilder : ClientBuilderBase<RegionsClient>
{
    public override RegionsClient Build() => new(CreateChannel());

    public override async Task<RegionsClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Regions.</summary>
public sealed class RegionsClient
{
    private readonly ComputeService _service;

    internal RegionsClient(RestChannel channel) => _service = new ComputeService(channel, PlacesReflection.Descriptor, "Regions");

    /// <summary>With Application Default Credentials.</summary>
    public static RegionsClient Create() => new RegionsClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<RegionsClient> CreateAsync(CancellationToken cancellationToken = default) => new RegionsClientBuilder().BuildAsync(cancellationToken);

    public Task<Region> GetAsync(GetRegionRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetRegionRequest, Region>("Get", request, callSettings);

    public Task<Region> GetAsync(GetRegionRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Region> GetAsync(string project, string region, CallSettings callSettings = null) =>
        GetAsync(new GetRegionRequest { Project = Required.Name(project), Region = Required.Name(region) }, callSettings);

    public Task<Region> GetAsync(string project, string region, CancellationToken cancellationToken) =>
        GetAsync(project, region, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<RegionList, Region> ListAsync(ListRegionsRequest request, CallSettings callSettings = null) =>
        _service.List<ListRegionsRequest, RegionList, Region>("List", request, callSettings);
}
