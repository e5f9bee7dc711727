using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="AddressesClient"/>.</summary>
public sealed class AddressesClientBuilder : ClientBuilderBase<AddressesClient>
{
    public override AddressesClient Build() => new(CreateChannel());

    public override async Task<AddressesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Reserved addresses of a region.</summary>
public sealed class AddressesClient
{
    private readonly ComputeService _service;

    internal AddressesClient(RestChannel channel) => _service = new ComputeService(channel, NetworksReflection.Descriptor, "Addresses");

    /// <summary>With Application Default Credentials.</summary>
    public static AddressesClient Create() => new AddressesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<AddressesClient> CreateAsync(CancellationToken cancellationToken = default) => new AddressesClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteAddressRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteAddressRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Address> GetAsync(GetAddressRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetAddressRequest, Address>("Get", request, callSettings);

    public Task<Address> GetAsync(GetAddressRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Address> GetAsync(string project, string region, string address, CallSettings callSettings = null) =>
        GetAsync(new GetAddressRequest { Project = Required.Name(project), Region = Required.Name(region), Address = Required.Name(address) }, callSettings);

    public Task<Address> GetAsync(string project, string region, string address, CancellationToken cancellationToken) =>
        GetAsync(project, region, address, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertAddressRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertAddressRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<AddressList, Address> ListAsync(ListAddressesRequest request, CallSettings callSettings = null) =>
        _service.List<ListAddressesRequest, AddressList, Address>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> SetLabelsAsync(SetLabelsAddressRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("SetLabels", request, callSettings);

    public Task<Operation<Operation, Operation>> SetLabelsAsync(SetLabelsAddressRequest request, CancellationToken cancellationToken) =>
        SetLabelsAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
