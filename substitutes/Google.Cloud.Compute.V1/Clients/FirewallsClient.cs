using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="FirewallsClient"/>.</summary>
public sealed class FirewallsClientBuilder : ClientBuilderBase<FirewallsClient>
{
    public override FirewallsClient Build() => new(CreateChannel());

    public override async Task<FirewallsClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Firewall rules.</summary>
public sealed class FirewallsClient
{
    private readonly ComputeService _service;

    internal FirewallsClient(RestChannel channel) => _service = new ComputeService(channel, FirewallsReflection.Descriptor, "Firewalls");

    /// <summary>With Application Default Credentials.</summary>
    public static FirewallsClient Create() => new FirewallsClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<FirewallsClient> CreateAsync(CancellationToken cancellationToken = default) => new FirewallsClientBuilder().BuildAsync(cancellationToken);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteFirewallRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Delete", request, callSettings);

    public Task<Operation<Operation, Operation>> DeleteAsync(DeleteFirewallRequest request, CancellationToken cancellationToken) =>
        DeleteAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Firewall> GetAsync(GetFirewallRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetFirewallRequest, Firewall>("Get", request, callSettings);

    public Task<Firewall> GetAsync(GetFirewallRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Firewall> GetAsync(string project, string firewall, CallSettings callSettings = null) =>
        GetAsync(new GetFirewallRequest { Project = Required.Name(project), Firewall = Required.Name(firewall) }, callSettings);

    public Task<Firewall> GetAsync(string project, string firewall, CancellationToken cancellationToken) =>
        GetAsync(project, firewall, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> InsertAsync(InsertFirewallRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Insert", request, callSettings);

    public Task<Operation<Operation, Operation>> InsertAsync(InsertFirewallRequest request, CancellationToken cancellationToken) =>
        InsertAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public PagedAsyncEnumerable<FirewallList, Firewall> ListAsync(ListFirewallsRequest request, CallSettings callSettings = null) =>
        _service.List<ListFirewallsRequest, FirewallList, Firewall>("List", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchFirewallRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Patch", request, callSettings);

    public Task<Operation<Operation, Operation>> PatchAsync(PatchFirewallRequest request, CancellationToken cancellationToken) =>
        PatchAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Operation<Operation, Operation>> UpdateAsync(UpdateFirewallRequest request, CallSettings callSettings = null) =>
        _service.MutateAsync("Update", request, callSettings);

    public Task<Operation<Operation, Operation>> UpdateAsync(UpdateFirewallRequest request, CancellationToken cancellationToken) =>
        UpdateAsync(request, CallSettings.FromCancellationToken(cancellationToken));
}
