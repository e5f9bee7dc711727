using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>Asks every backend over HTTP whether it serves.</summary>
/// <param name="name">Its name.</param>
/// <param name="step">The task it belongs to.</param>
/// <param name="path">What it asks for.</param>
/// <param name="port">The port.</param>
/// <param name="rhythm">How often, and how soon it is sure.</param>
internal sealed class HealthCheck(string name, Step step, string path, int port, ProbeRhythm rhythm)
    : Resource<V1.HealthCheck>(ResourceKind, name, step)
{
    public static readonly ResourceKind ResourceKind = new("health check", DeleteAsync, ListAsync)
    {
        UsedBy = [BackendService.ResourceKind, ManagedInstanceGroup.ResourceKind],
    };

    protected override Task<V1.HealthCheck?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        api.FindAsync($"read {this}", call => api.Cloud.HealthChecks.GetAsync(
            new() { Project = api.Project, HealthCheck = Name }, call), cancellationToken);

    protected override V1.HealthCheck Desired(V1.HealthCheck? actual, Observed seen) => new()
    {
        Name = Name,
        Type = "HTTP",
        CheckIntervalSec = rhythm.IntervalSeconds,
        TimeoutSec = rhythm.IntervalSeconds,
        HealthyThreshold = 2,
        UnhealthyThreshold = rhythm.UnhealthyThreshold,
        HttpHealthCheck = new HTTPHealthCheck { Port = port, PortSpecification = "USE_FIXED_PORT", ProxyHeader = "NONE",
            RequestPath = path },
    };

    protected override void Describe(V1.HealthCheck message, FieldList fields) => fields
        .Add("type", message.Type)
        .Add("checkIntervalSec", message.CheckIntervalSec)
        .Add("timeoutSec", message.TimeoutSec)
        .Add("healthyThreshold", message.HealthyThreshold)
        .Add("unhealthyThreshold", message.UnhealthyThreshold)
        .Add("httpHealthCheck.port", message.HttpHealthCheck?.Port)
        .Add("httpHealthCheck.requestPath", message.HttpHealthCheck?.RequestPath);

    protected override OwnershipMark? MarkOf(V1.HealthCheck message) => OwnershipMark.Parse(message.Description);

    protected override void SetMark(V1.HealthCheck message, OwnershipMark mark) => message.Description = mark.ToString();

    protected override bool CanUpdate(string field) => true;

    protected override Task InsertAsync(CloudApi api, V1.HealthCheck desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"create {this}", CallKind.Write, (id, call) => api.Cloud.HealthChecks.InsertAsync(
            new() { Project = api.Project, HealthCheckResource = desired, RequestId = id }, call), cancellationToken);

    protected override Task PatchAsync(CloudApi api, V1.HealthCheck actual, V1.HealthCheck desired, CancellationToken cancellationToken) =>
        api.MutateAsync($"update {this}", CallKind.Write, (id, call) => api.Cloud.HealthChecks.PatchAsync(
            new() { Project = api.Project, HealthCheck = Name, HealthCheckResource = desired, RequestId = id }, call), cancellationToken);

    protected override string? Detail(V1.HealthCheck actual) => $"HTTP {path}, every {actual.CheckIntervalSec} s";

    private static Task DeleteAsync(CloudApi api, string name, CancellationToken cancellationToken) =>
        api.DeleteAsync($"delete health check {name}", (id, call) => api.Cloud.HealthChecks.DeleteAsync(
            new() { Project = api.Project, HealthCheck = name, RequestId = id }, call), cancellationToken);

    private static async Task<IEnumerable<FoundResource>> ListAsync(CloudApi api, CancellationToken cancellationToken) =>
        from found in await api.ListAsync("list health checks", call => api.Cloud.HealthChecks.ListAsync(
            new() { Project = api.Project }, call), cancellationToken)
        select new FoundResource(found.Name, OwnershipMark.Parse(found.Description), found);
}
