using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="ZonesClient"/>.</summary>
public sealed class ZonesClientBuilder : ClientBuilderBase<ZonesClient>
{
    public override ZonesClient Build() => new(CreateChannel());

    public override async Task<ZonesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Zones.</summary>
public sealed class ZonesClient
{
    private readonly ComputeService _service;

    internal ZonesClient(RestChannel channel) => _service = new ComputeService(channel, PlacesReflection.Descriptor, "Zones");

    /// <summary>With Application Default Credentials.</summary>
    public static ZonesClient Create() => new ZonesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<ZonesClient> CreateAsync(CancellationToken cancellationToken = default) => new ZonesClientBuilder().BuildAsync(cancellationToken);

    public Task<Zone> GetAsync(GetZoneRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetZoneRequest, Zone>("Get", request, callSettings);

    public Task<Zone> GetAsync(GetZoneRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Zone> GetAsync(string project, string zone, CallSettings callSettings = null) =>
        GetAsync(new GetZoneRequest { Project = Required.Name(project), Zone = Required.Name(zone) }, callSettings);

    public Task<Zone> GetAsync(string project, string zone, CancellationToken cancellationToken) =>
        GetAsync(project, zone, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<ZoneList, Zone> ListAsync(ListZonesRequest request, CallSettings callSettings = null) =>
        _service.List<ListZonesRequest, ZoneList, Zone>("List", request, callSettings);
}
