using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="NetworksClient"/>.</summary>
public sealed class NetworksClientBuilder : ClientBuilderBase<NetworksClient>
{
    public override NetworksClient Build() => new(CreateChannel());

    public override async Task<NetworksClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Networks.</summary>
public sealed class NetworksClient
{
    private readonly ComputeService _service;

    internal NetworksClient(RestChannel channel) => _service = new ComputeService(channel, NetworksReflection.Descriptor, "Networks");

    /// <summary>With Application Default Credentials.</summary>
    public static NetworksClient Create() => new NetworksClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<NetworksClient> CreateAsync(CancellationToken cancellationToken = default) => new NetworksClientBuilder().BuildAsync(cancellationToken);

    public Task<Network> GetAsync(GetNetworkRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetNetworkRequest, Network>("Get", request, callSettings);

    public Task<Network> GetAsync(GetNetworkRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Network> GetAsync(string project, string network, CallSettings callSettings = null) =>
        GetAsync(new GetNetworkRequest { Project = Required.Name(project), Network = Required.Name(network) }, callSettings);

    public Task<Network> GetAsync(string project, string network, CancellationToken cancellationToken) =>
        GetAsync(project, network, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<NetworkList, Network> ListAsync(ListNetworksRequest request, CallSettings callSettings = null) =>
        _service.List<ListNetworksRequest, NetworkList, Network>("List", request, callSettings);
}
