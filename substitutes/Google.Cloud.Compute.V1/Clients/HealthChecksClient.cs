using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="HealthChecksClient"/>.</summary>
public sealed class HealthChecksClientBuilder : ClientBuilderBase<HealthChecksClient>
{
    public override HealthChecksClient Build() => new(CreateChannel());

    public override async Task<HealthChecksClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Health checks of a project.</summary>
public sealed class HealthChecksClient
{
    private readonly ComputeService _service;

    internal HealthChecksClient(RestChannel channel) => _service = new ComputeService(channel, HealthChecksReflection.Descriptor, "HealthChecks");

    /// <summary>With Application Default Credentials.</summary>
    public static HealthChecksClient Create() => new HealthChecksClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<HealthChecksClient> CreateAsync(CancellationToken cancellationToken = default) => new HealthChecksClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteHealthCheckRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteHealthCheckRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<HealthCheck> GetAsync(GetHealthCheckRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetHealthCheckRequest, HealthCheck>("Get", request, callSettings);

    public Task<HealthCheck> GetAsync(GetHealthCheckRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<HealthCheck> GetAsync(string project, string healthCheck, CallSettings callSettings = null) =>
        GetAsync(new GetHealthCheckRequest { Project = Required.Name(project), HealthCheck = Required.Name(healthCheck) }, callSettings);

    public Task<HealthCheck> GetAsync(string project, string healthCheck, CancellationToken cancellationToken) =>
        GetAsync(project, healthCheck, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertHealthCheckRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertHealthCheckRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<HealthCheckList, HealthCheck> ListAsync(ListHealthChecksRequest request, CallSettings callSettings = null) =>
        _service.List<ListHealthChecksRequest, HealthCheckList, HealthCheck>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchHealthCheckRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Patch", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchHealthCheckRequest request, CancellationToken cancellationToken) =>
        PatchAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> UpdateAsync(UpdateHealthCheckRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Update", request, callSettings);

    public Task<Operation<Operation, Operation>> UpdateAsync(UpdateHealthCheckRequest request, CancellationToken cancellationToken) =>
        UpdateAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
