using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="ForwardingRulesClient"/>.</summary>
public sealed class ForwardingRulesClientBuilder : ClientBuilderBase<ForwardingRulesClient>
{
    public override ForwardingRulesClient Build() => new(CreateChannel());

    public override async Task<ForwardingRulesClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Forwarding rules of a region.</summary>
public sealed class ForwardingRulesClient
{
    private readonly ComputeService _service;

    internal ForwardingRulesClient(RestChannel channel) => _service = new ComputeService(channel, ForwardingRulesReflection.Descriptor, "ForwardingRules");

    /// <summary>With Application Default Credentials.</summary>
    public static ForwardingRulesClient Create() => new ForwardingRulesClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<ForwardingRulesClient> CreateAsync(CancellationToken cancellationToken = default) => new ForwardingRulesClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteForwardingRuleRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteForwardingRuleRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<ForwardingRule> GetAsync(GetForwardingRuleRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetForwardingRuleRequest, ForwardingRule>("Get", request, callSettings);

    public Task<ForwardingRule> GetAsync(GetForwardingRuleRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<ForwardingRule> GetAsync(string project, string region, string forwardingRule, CallSettings callSettings = null) =>
        GetAsync(new GetForwardingRuleRequest { Project = Required.Name(project), Region = Required.Name(region), ForwardingRule = Required.Name(forwardingRule) }, callSettings);

    public Task<ForwardingRule> GetAsync(string project, string region, string forwardingRule, CancellationToken cancellationToken) =>
        GetAsync(project, region, forwardingRule, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertForwardingRuleRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertForwardingRuleRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<ForwardingRuleList, ForwardingRule> ListAsync(ListForwardingRulesRequest request, CallSettings callSettings = null) =>
        _service.List<ListForwardingRulesRequest, ForwardingRuleList, ForwardingRule>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchForwardingRuleRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Patch", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchForwardingRuleRequest request, CancellationToken cancellationToken) =>
        PatchAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> SetLabelsAsync(SetLabelsForwardingRuleRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("SetLabels", request, callSettings);

    public Task<Operation<Operation, Operation>> SetLabelsAsync(SetLabelsForwardingRuleRequest request, CancellationToken cancellationToken) =>
        SetLabelsAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
