using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>The first checkpoint: the group's machines run, and are healthy in the load balancer's eyes.</summary>
internal sealed class BackendChecks(PrimeServiceParts parts, Observed seen, CloudApi api, int size, TimeSpan patience)
{
    /// <summary>As many machines run as are wanted.</summary>
    public async Task<Check> RunningAsync(CancellationToken cancellationToken)
    {
        var machines = await api.ListAsync(
            $"list machines of {parts.Group}",
            call => api.Cloud.InstanceGroupManagers.ListManagedInstancesAsync(
                new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = parts.Group.Name }, call),
            cancellationToken);
        var running = (from machine in machines
                       where machine.InstanceStatus == "RUNNING"
                       let name = Link.Name(machine.Instance)
                       orderby name
                       select name).ToList();
        return new(Checkpoint.BackendGroup, $"machines of {parts.Group.Name}", "the API", $"{size} run",
            $"{running.Count} run: {string.Join(", ", running)}", running.Count == size ? CheckResult.Passed : CheckResult.Failed);
    }

    /// <summary>
    /// Every machine is HEALTHY. Waits for those that are still on their way up, but not for one whose startup script failed.
    /// </summary>
    public async Task<Check> HealthyAsync(CancellationToken cancellationToken)
    {
        var poll = new Poll(api.Time, patience);
        while (true)
        {
            var health = await api.ReadAsync($"read health of {parts.Service}", call => api.Cloud.BackendServices.GetHealthAsync(
                new()
                {
                    Project = api.Project,
                    Region = api.Region,
                    BackendService = parts.Service.Name,
                    ResourceGroupReferenceResource = new ResourceGroupReference { Group = parts.Service.GroupLink(seen) },
                }, call), cancellationToken);
            var healthy = health.HealthStatus.Count(status => status.HealthState == "HEALTHY");
            var answer = $"{healthy} of {health.HealthStatus.Count} HEALTHY";
            if (healthy == size && health.HealthStatus.Count == size) return Result(answer, CheckResult.Passed, null);

            var evidence = poll.IsLong || poll.IsOver ? await EvidenceAsync(health, cancellationToken) : null;
            if (poll.IsOver || SerialPort.TellsOfFailure(evidence)) return Result(answer, CheckResult.Failed, evidence);
            await poll.NextAsync(cancellationToken);
        }
    }

    private Check Result(string answer, CheckResult result, string? evidence) =>
        new(Checkpoint.BackendGroup, $"health of {parts.Service.Name}", "the API", $"{size} of {size} HEALTHY", answer, result, evidence);

    private async Task<string> EvidenceAsync(BackendServiceGroupHealth health, CancellationToken cancellationToken)
    {
        var states = health.HealthStatus.Select(status => $"{Link.Name(status.Instance)}: {status.HealthState}").ToList();
        var failing = health.HealthStatus.FirstOrDefault(status => status.HealthState != "HEALTHY");
        if (failing is not null) states.Add(await SerialPort.EndAsync(api, Link.Name(failing.Instance), cancellationToken));
        return string.Join('\n', states);
    }
}
