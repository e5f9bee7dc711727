using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What to look at when something does not serve: health by backend, the firewall rules on the way, whether machines reach the bucket, and
/// the end of a machine's serial output. What cannot be had is told in its place.
/// </summary>
internal sealed class Evidence(PrimeServiceParts parts, Observed seen, CloudApi api)
{
    private static readonly IReadOnlyList<string> Internet = ["0.0.0.0/0"];

    private string BackendTag => parts.Group.Name;

    /// <summary>The health of every backend, as the load balancer sees it now.</summary>
    public Task<BackendServiceGroupHealth> HealthAsync(CancellationToken cancellationToken) =>
        api.ReadAsync($"read health of {parts.Service}", call => api.Cloud.BackendServices.GetHealthAsync(
            new()
            {
                Project = api.Project,
                Region = api.Region,
                BackendService = parts.Service.Name,
                ResourceGroupReferenceResource = new ResourceGroupReference { Group = parts.Service.GroupLink(seen) },
            }, call), cancellationToken);

    /// <summary>Backends that are not healthy.</summary>
    public async Task<string> OfBackendsAsync(BackendServiceGroupHealth health, CancellationToken cancellationToken)
    {
        var failing = health.HealthStatus.FirstOrDefault(status => status.HealthState != "HEALTHY");
        return await TogetherAsync(cancellationToken,
            _ => Task.FromResult(Text(health)),
            cancel => RulesAsync("health checks", PrimeService.ProberRanges, BackendTag, cancel),
            AccessAsync,
            cancel => failing is null ? Nothing : SerialPort.EndAsync(api, Link.Name(failing.Instance), cancel));
    }

    /// <summary>A machine inside the network that does not get what it asks the load balancer for.</summary>
    public Task<string> OfInsideAsync(CancellationToken cancellationToken) => TogetherAsync(cancellationToken,
        async cancel => Text(await HealthAsync(cancel)),
        cancel => RulesAsync("machines of the subnet", [seen.Of(parts.Access)?.IpCidrRange ?? "10.0.0.0/8"], BackendTag, cancel),
        cancel => SerialPort.EndAsync(api, parts.TestInstance.Name, cancel));

    /// <summary>A machine that can be reached and must not.</summary>
    public Task<string> OfOpenAsync(CancellationToken cancellationToken) => TogetherAsync(cancellationToken,
        cancel => RulesAsync("everyone", Internet, parts.TestInstance.Name, cancel));

    /// <summary>The public page is not right, or does not come.</summary>
    public Task<string> OfFrontendAsync(CancellationToken cancellationToken) => TogetherAsync(cancellationToken,
        cancel => RulesAsync("everyone", Internet, parts.Frontend.Name, cancel),
        async cancel => Text(await HealthAsync(cancel)),
        cancel => SerialPort.EndAsync(api, parts.Frontend.Name, cancel));

    /// <summary>What the group says of machines that it could not make.</summary>
    public Task<string> OfGroupAsync(CancellationToken cancellationToken) => TogetherAsync(cancellationToken, async cancel =>
    {
        var errors = await api.ListAsync($"list errors of {parts.Group}", call => api.Cloud.InstanceGroupManagers.ListErrorsAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = parts.Group.Name }, call), cancel);
        return errors.Count == 0 ? "" : "The group's last errors:\n"
            + string.Join('\n', errors.Take(3).Select(error => $"  {error.Timestamp}: {error.Error?.Code}: {error.Error?.Message}"));
    });

    private static readonly Task<string> Nothing = Task.FromResult("");

    private static string Text(BackendServiceGroupHealth health) => health.HealthStatus.Count == 0
        ? "The load balancer knows of no backend."
        : "Health by backend:\n" + string.Join('\n', health.HealthStatus.Select(status => $"  {Link.Name(status.Instance)}: {status.HealthState}"));

    private async Task<string> RulesAsync(string who, IReadOnlyList<string> sources, string tag, CancellationToken cancellationToken)
    {
        var rules = await api.ListAsync("list firewall rules", call => api.Cloud.Firewalls.ListAsync(new() { Project = api.Project }, call), cancellationToken);
        return FirewallEvidence.Describe(
            rules.Where(rule => Link.Name(rule.Network) == seen.Options.Network), who, sources, tag, PrimeService.Port);
    }

    private async Task<string> AccessAsync(CancellationToken cancellationToken)
    {
        var subnet = await api.FindAsync($"read subnet {parts.Access.Name}", call => api.Cloud.Subnetworks.GetAsync(
            new() { Project = api.Project, Region = api.Region, Subnetwork = parts.Access.Name }, call), cancellationToken);
        return subnet?.PrivateIpGoogleAccess is true ? ""
            : $"Private Google Access of the subnet {parts.Access.Name} in {api.Region} is off: machines without an external address cannot fetch their program.";
    }

    private static async Task<string> TogetherAsync(CancellationToken cancellationToken, params Func<CancellationToken, Task<string>>[] questions)
    {
        var answers = await Task.WhenAll(questions.Select(async question =>
        {
            try
            {
                return await question(cancellationToken);
            }
            catch (CloudException unknown)
            {
                return unknown.Message;
            }
        }));
        return string.Join('\n', answers.Where(answer => answer.Length > 0));
    }
}
