using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>The first checkpoint: the group's machines run, and are healthy in the load balancer's eyes.</summary>
internal sealed class BackendChecks(PrimeServiceParts parts, Evidence evidence, CloudApi api, int size, TimeSpan patience)
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
        var right = running.Count == size;
        return new(Checkpoint.BackendGroup, $"machines of {parts.Group.Name}", "the API", $"{size} run",
            $"{running.Count} run: {string.Join(", ", running)}", right ? CheckResult.Passed : CheckResult.Failed,
            right ? null : await evidence.OfGroupAsync(cancellationToken));
    }

    /// <summary>
    /// Every machine is HEALTHY. Waits for those that are still on their way up, but not for one whose startup script failed.
    /// </summary>
    public async Task<Check> HealthyAsync(CancellationToken cancellationToken)
    {
        var poll = new Poll(api.Time, patience);
        while (true)
        {
            var health = await evidence.HealthAsync(cancellationToken);
            var healthy = health.HealthStatus.Count(status => status.HealthState == "HEALTHY");
            var answer = $"{healthy} of {health.HealthStatus.Count} HEALTHY";
            if (healthy == size && health.HealthStatus.Count == size) return Result(answer, CheckResult.Passed, null);

            var why = poll.IsLong || poll.IsOver ? await evidence.OfBackendsAsync(health, cancellationToken) : null;
            if (poll.IsOver || SerialPort.TellsOfFailure(why)) return Result(answer, CheckResult.Failed, why);
            await poll.NextAsync(cancellationToken);
        }
    }

    private Check Result(string answer, CheckResult result, string? why) =>
        new(Checkpoint.BackendGroup, $"health of {parts.Service.Name}", "the API", $"{size} of {size} HEALTHY", answer, result, why);
}
