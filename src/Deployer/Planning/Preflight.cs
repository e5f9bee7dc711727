using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>What only the cloud knows of the settings, asked before anything is made: everything that would fail later, at once.</summary>
internal sealed class Preflight(Deployment deployment, IReadOnlyList<Resource> selected, CloudApi api)
{
    private readonly DeploymentOptions _options = deployment.Options;

    /// <summary>
    /// What can be told although the zone is wrong: then nothing of the deployment can be there yet, and all of it has to be made.
    /// </summary>
    /// <param name="near">A zone whose machine types stand for those of the wanted one; null when there is none at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<string>> CheckWithoutZoneAsync(string? near, CancellationToken cancellationToken)
    {
        var isRegion = near?.StartsWith(api.Region + "-", StringComparison.Ordinal) is true;
        var subnet = !isRegion ? Task.FromResult<Subnetwork?>(null) : api.FindAsync($"read subnet {_options.Network}", call => api.Cloud.Subnetworks.GetAsync(
            new() { Project = api.Project, Region = api.Region, Subnetwork = _options.Network }, call), cancellationToken);
        var made = selected.Where(resource => resource is not InstanceTemplate and not Instance);
        var machines = selected.SelectMany(resource => MachinesOf(resource, null, tests: 1)).ToList();
        var rest = CheckMadeAsync(made, machines, near, cancellationToken);
        var range = (await subnet)?.IpCidrRange;
        var address = _options.RequestedAddress is { } wanted && range is not null && selected.Any(resource => resource is ReservedAddress { Requested: not null })
            ? await AddressCheck.RunAsync(wanted, range, null) : null;
        return [.. address is null ? [] : (string[])[address.ToString()], .. await rest];
    }

    /// <summary>Only for what is going to be made or changed; nothing is asked where everything is as it is wanted.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(
        PlanInDetail plan, Inventory inventory, Observed seen, CancellationToken cancellationToken)
    {
        var changed = plan.Assessments.Where(pair => pair.Value is { Action: not PlanAction.None, Conflict: null }).ToDictionary();
        if (changed.Count == 0) return [];
        var made = changed.Where(pair => pair.Value.Action is PlanAction.Create || pair.Key.ReplacedBeside).Select(pair => pair.Key).ToList();
        // The last run's test instance may be on its way down: it is counted still, and the next is made when it is gone.
        var isTestThere = deployment is PrimeService { Parts.TestInstance: var test }
            && (await inventory.AllAsync(test.KindInfo)).Any(found => found.Name == test.Name);
        var machines = changed.SelectMany(pair => MachinesOf(pair.Key, pair.Value, isTestThere ? 0 : 1)).ToList();
        var rest = CheckMadeAsync(made, machines, api.Zone, cancellationToken);
        var address = made.OfType<ReservedAddress>().Select(reserved => reserved.Requested).OfType<string>().FirstOrDefault() is { } wanted
            && plan.Assessments.Keys.OfType<SubnetworkAccess>().Select(seen.Of).FirstOrDefault() is { } subnet
                ? await AddressCheck.RunAsync(wanted, subnet.IpCidrRange, inventory) : null;
        return [.. address is null ? [] : (string[])[address.ToString()], .. await rest];
    }

    /// <summary>APIs that are off and permissions that are missing.</summary>
    public Task<IReadOnlyList<string>> CheckProjectAsync(CancellationToken cancellationToken) =>
        ProjectCheck.RunAsync(selected.Select(resource => resource.Kind), api, cancellationToken);

    private async Task<IReadOnlyList<string>> CheckMadeAsync(
        IEnumerable<Resource> made, IReadOnlyList<MachineNeed> machines, string? zone, CancellationToken cancellationToken)
    {
        var project = CheckProjectAsync(cancellationToken);
        var types = zone is null ? [] : await Task.WhenAll(machines.Select(machine => machine.Type).Distinct(StringComparer.Ordinal)
            .Select(type => FindTypeAsync(type, zone, cancellationToken)));
        var unknown = types.Where(type => type.Found is null).Select(type => WhyUnknown(type.Name, zone!).ToString());
        var cpus = types.Where(type => type.Found is not null).ToDictionary(type => type.Name, type => type.Found!.GuestCpus, StringComparer.Ordinal);
        var quotas = await QuotaCheck.RunAsync(made, machines, cpus, api, cancellationToken);
        return [.. unknown, .. quotas, .. await project];
    }

    /// <summary>The machines that a change makes or starts; while a group rolls over, it has one more.</summary>
    /// <param name="resource">What is changed.</param>
    /// <param name="assessment">How; null when it is made.</param>
    /// <param name="tests">How many test instances are made with the frontend.</param>
    private IEnumerable<MachineNeed> MachinesOf(Resource resource, Assessment? assessment, int tests) => (resource, assessment?.Action) switch
    {
        (ManagedInstanceGroup group, PlanAction.Update) =>
            [new(_options.MachineType, Math.Max(0, group.Size - ((InstanceGroupManager)assessment!.Actual!).TargetSize), false)],
        (ManagedInstanceGroup group, not PlanAction.Replace) => [new(_options.MachineType, group.Size, false)],
        (InstanceTemplate, PlanAction.Replace) => [new(_options.MachineType, 1, false)],
        // With it the test instance of the verification, which is made in the end.
        (Instance, not PlanAction.Update) => [new(_options.FrontendMachineType, assessment?.Action is PlanAction.Replace ? 0 : 1, true), new(_options.MachineType, tests, true)],
        (Instance, PlanAction.Update) when MachineStatus.IsDown(((V1.Instance)assessment!.Actual!).Status) =>
            [new(_options.FrontendMachineType, 1, true) { AreThere = true }, new(_options.MachineType, tests, true)],
        (InstanceTemplate, not PlanAction.Update) => [new(_options.MachineType, 0, false)],
        _ => [],
    };

    private async Task<(string Name, MachineType? Found)> FindTypeAsync(string type, string zone, CancellationToken cancellationToken) =>
        (type, await api.FindAsync($"read machine type {type}", call => api.Cloud.MachineTypes.GetAsync(
            new() { Project = api.Project, Zone = zone, MachineType = type }, call), cancellationToken));

    private SettingProblem WhyUnknown(string type, string zone) => new(
        type == _options.MachineType ? "machine-type" : "frontend-machine-type", type,
        $"is not a machine type of {zone}. `gcloud compute machine-types list --zones {zone}` shows them; e2-medium is everywhere.");
}
