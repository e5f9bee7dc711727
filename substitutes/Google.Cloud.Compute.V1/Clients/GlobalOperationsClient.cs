using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="GlobalOperationsClient"/>.</summary>
public sealed class GlobalOperationsClientBuilder : ClientBuilderBase<GlobalOperationsClient>
{
    public override GlobalOperationsClient Build() => new(CreateChannel());

    public override async Task<GlobalOperationsClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Operations on resources of the whole project.</summary>
public sealed class GlobalOperationsClient
{
    private readonly ComputeService _service;

    internal GlobalOperationsClient(RestChannel channel) => _service = new ComputeService(channel, OperationsReflection.Descriptor, "GlobalOperations");

    /// <summary>With Application Default Credentials.</summary>
    public static GlobalOperationsClient Create() => new GlobalOperationsClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<GlobalOperationsClient> CreateAsync(CancellationToken cancellationToken = default) => new GlobalOperationsClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation> GetAsync(GetGlobalOperationRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetGlobalOperationRequest, Operation>("Get", request, callSettings);

    public Task<Operation> GetAsync(GetGlobalOperationRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation> GetAsync(string project, string operation, CallSettings callSettings = null) =>
        GetAsync(new GetGlobalOperationRequest { Project = Required.Name(project), Operation = Required.Name(operation) }, callSettings);

    public Task<Operation> GetAsync(string project, string operation, CancellationToken cancellationToken) =>
        GetAsync(project, operation, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation> WaitAsync(WaitGlobalOperationRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<WaitGlobalOperationRequest, Operation>("Wait", request, callSettings);

    public Task<Operation> WaitAsync(WaitGlobalOperationRequest request, CancellationToken cancellationToken) =>
        WaitAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
