using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="MachineTypesClient"/>.</summary>
public sealed class MachineTypesClientBuilder : ClientBuilderBase<MachineTypesClient>
{
    public override MachineTypesClient Build() => new(CreateChannel());

    public override async Task<MachineTypesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Machine types of a zone.</summary>
public sealed class MachineTypesClient
{
    private readonly ComputeService _service;

    internal MachineTypesClient(RestChannel channel) => _service = new ComputeService(channel, PlacesReflection.Descriptor, "MachineTypes");

    /// <summary>With Application Default Credentials.</summary>
    public static MachineTypesClient Create() => new MachineTypesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<MachineTypesClient> CreateAsync(CancellationToken cancellationToken = default) => new MachineTypesClientBuilder().BuildAsync(cancellationToken);

    public Task<MachineType> GetAsync(GetMachineTypeRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetMachineTypeRequest, MachineType>("Get", request, callSettings);

    public Task<MachineType> GetAsync(GetMachineTypeRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<MachineType> GetAsync(string project, string zone, string machineType, CallSettings callSettings = null) =>
        GetAsync(new GetMachineTypeRequest { Project = Required.Name(project), Zone = Required.Name(zone), MachineType = Required.Name(machineType) }, callSettings);

    public Task<MachineType> GetAsync(string project, string zone, string machineType, CancellationToken cancellationToken) =>
        GetAsync(project, zone, machineType, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<MachineTypeList, MachineType> ListAsync(ListMachineTypesRequest request, CallSettings callSettings = null) =>
        _service.List<ListMachineTypesRequest, MachineTypeList, MachineType>("List", request, callSettings);
}
