using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="InstanceTemplatesClient"/>.</summary>
public sealed class InstanceTemplatesClientBuilder : ClientBuilderBase<InstanceTemplatesClient>
{
    public override InstanceTemplatesClient Build() => new(CreateChannel());

    public override async Task<InstanceTemplatesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Instance templates of a project.</summary>
public sealed class InstanceTemplatesClient
{
    private readonly ComputeService _service;

    internal InstanceTemplatesClient(RestChannel channel) => _service = new ComputeService(channel, InstanceTemplatesReflection.Descriptor, "InstanceTemplates");

    /// <summary>With Application Default Credentials.</summary>
    public static InstanceTemplatesClient Create() => new InstanceTemplatesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<InstanceTemplatesClient> CreateAsync(CancellationToken cancellationToken = default) => new InstanceTemplatesClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteInstanceTemplateRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteInstanceTemplateRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<InstanceTemplate> GetAsync(GetInstanceTemplateRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetInstanceTemplateRequest, InstanceTemplate>("Get", request, callSettings);

    public Task<InstanceTemplate> GetAsync(GetInstanceTemplateRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<InstanceTemplate> GetAsync(string project, string instanceTemplate, CallSettings callSettings = null) =>
        GetAsync(new GetInstanceTemplateRequest { Project = Required.Name(project), InstanceTemplate = Required.Name(instanceTemplate) }, callSettings);

    public Task<InstanceTemplate> GetAsync(string project, string instanceTemplate, CancellationToken cancellationToken) =>
        GetAsync(project, instanceTemplate, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertInstanceTemplateRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertInstanceTemplateRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<InstanceTemplateList, InstanceTemplate> ListAsync(ListInstanceTemplatesRequest request, CallSettings callSettings = null) =>
        _service.List<ListInstanceTemplatesRequest, InstanceTemplateList, InstanceTemplate>("List", request, callSettings);
}
