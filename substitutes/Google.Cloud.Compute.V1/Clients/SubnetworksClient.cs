using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="SubnetworksClient"/>.</summary>
public sealed class SubnetworksClientBuilder : ClientBuilderBase<SubnetworksClient>
{
    public override SubnetworksClient Build() => new(CreateChannel());

    public override async Task<SubnetworksClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Subnetworks of a region.</summary>
public sealed class SubnetworksClient
{
    private readonly ComputeService _service;

    internal SubnetworksClient(RestChannel channel) => _service = new ComputeService(channel, NetworksReflection.Descriptor, "Subnetworks");

    /// <summary>With Application Default Credentials.</summary>
    public static SubnetworksClient Create() => new SubnetworksClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<SubnetworksClient> CreateAsync(CancellationToken cancellationToken = default) => new SubnetworksClientBuilder().BuildAsync(cancellationToken);

    public Task<Subnetwork> GetAsync(GetSubnetworkRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetSubnetworkRequest, Subnetwork>("Get", request, callSettings);

    public Task<Subnetwork> GetAsync(GetSubnetworkRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Subnetwork> GetAsync(string project, string region, string subnetwork, CallSettings callSettings = null) =>
        GetAsync(new GetSubnetworkRequest { Project = Required.Name(project), Region = Required.Name(region), Subnetwork = Required.Name(subnetwork) }, callSettings);

    public Task<Subnetwork> GetAsync(string project, string region, string subnetwork, CancellationToken cancellationToken) =>
        GetAsync(project, region, subnetwork, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<SubnetworkList, Subnetwork> ListAsync(ListSubnetworksRequest request, CallSettings callSettings = null) =>
        _service.List<ListSubnetworksRequest, SubnetworkList, Subnetwork>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> SetPrivateIpGoogleAccessAsync(SetPrivateIpGoogleAccessSubnetworkRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("SetPrivateIpGoogleAccess", request, callSettings);

    public Task<Operation<Operation, Operation>> SetPrivateIpGoogleAccessAsync(SetPrivateIpGoogleAccessSubnetworkRequest request, CancellationToken cancellationToken) =>
        SetPrivateIpGoogleAccessAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
