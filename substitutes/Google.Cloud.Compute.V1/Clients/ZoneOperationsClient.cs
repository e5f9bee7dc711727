using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="ZoneOperationsClient"/>.</summary>
public sealed class ZoneOperationsClientBuilder : ClientBuilderBase<ZoneOperationsClient>
{
    public override ZoneOperationsClient Build() => new(CreateChannel());

    public override async Task<ZoneOperationsClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Operations on resources of a zone.</summary>
public sealed class ZoneOperationsClient
{
    private readonly ComputeService _service;

    internal ZoneOperationsClient(RestChannel channel) => _service = new ComputeService(channel, OperationsReflection.Descriptor, "ZoneOperations");

    /// <summary>With Application Default Credentials.</summary>
    public static ZoneOperationsClient Create() => new ZoneOperationsClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<ZoneOperationsClient> CreateAsync(CancellationToken cancellationToken = default) => new ZoneOperationsClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation> GetAsync(GetZoneOperationRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetZoneOperationRequest, Operation>("Get", request, callSettings);

    public Task<Operation> GetAsync(GetZoneOperationRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation> GetAsync(string project, string zone, string operation, CallSettings callSettings = null) =>
        GetAsync(new GetZoneOperationRequest { Project = Required.Name(project), Zone = Required.Name(zone), Operation = Required.Name(operation) }, callSettings);

    public Task<Operation> GetAsync(string project, string zone, string operation, CancellationToken cancellationToken) =>
        GetAsync(project, zone, operation, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation> WaitAsync(WaitZoneOperationRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<WaitZoneOperationRequest, Operation>("Wait", request, callSettings);

    public Task<Operation> WaitAsync(WaitZoneOperationRequest request, CancellationToken cancellationToken) =>
        WaitAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
