using Google.Cloud.Compute.V1;
using V1 = Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Finds the deployments of a project. Each has a bucket, which is made first and deleted last, and says in which zone the rest is; those
/// that lost their bucket are found in the zone that was asked for, by the marks of what they still have.
/// </summary>
internal sealed class Survey(CloudConnection cloud, DeploymentOptions place, EventStream events)
{
    public async Task<IReadOnlyList<DeploymentStatus>> MakeAsync(CancellationToken cancellationToken)
    {
        var inventory = new Inventory(new(cloud, place, events), cancellationToken);
        var buckets = from found in await inventory.AllAsync(Bucket.ResourceKind)
                      where found.Mark is not null
                      select (Bucket: (Google.Apis.Storage.v1.Data.Bucket)found.Message, Mark: found.Mark!);
        var byZone = buckets.ToLookup(found => Bucket.ZoneOf(found.Bucket) ?? place.Zone);
        var zones = byZone.Select(group => group.Key).Append(place.Zone).Distinct(StringComparer.Ordinal);
        var all = await Task.WhenAll(zones.Select(async zone =>
        {
            var local = place with { Zone = zone };
            var parts = new Inventory(new(cloud, local, events), cancellationToken);
            var owned = await OwnedAsync(parts);
            // A deployment whose bucket says another zone has only its global resources here.
            var here = byZone[zone].ToDictionary(found => found.Mark.Deployment, found => found.Bucket, StringComparer.Ordinal);
            var elsewhere = byZone.Where(group => group.Key != zone).SelectMany(group => group).Select(found => found.Mark.Deployment);
            var names = here.Keys.Concat(zone == place.Zone ? owned.Select(group => group.Key).Except(elsewhere, StringComparer.Ordinal) : []);
            return await Task.WhenAll(names.Distinct(StringComparer.Ordinal).Select(name =>
                StatusAsync(new(cloud, local with { Name = name }, events), here.GetValueOrDefault(name), owned[name], cancellationToken)));
        }));
        return [.. all.SelectMany(some => some).OrderBy(status => status.Name, StringComparer.Ordinal)];
    }

    /// <summary>Everything but buckets that bears a mark, by deployment.</summary>
    private static async Task<ILookup<string, (ResourceKind Kind, FoundResource Found)>> OwnedAsync(Inventory inventory)
    {
        var kinds = ResourceKinds.DeletionOrder.Order.Where(kind => kind != Bucket.ResourceKind && kind != BucketObject.ResourceKind).ToList();
        var lists = await Task.WhenAll(kinds.Select(inventory.AllAsync));
        return kinds.Zip(lists).SelectMany(pair => pair.Second.Where(found => found.Mark is not null).Select(found => (pair.First, found)))
            .ToLookup(pair => pair.found.Mark!.Deployment, StringComparer.Ordinal);
    }

    private static async Task<DeploymentStatus> StatusAsync(
        CloudApi api, Google.Apis.Storage.v1.Data.Bucket? bucket, IEnumerable<(ResourceKind Kind, FoundResource Found)> owned,
        CancellationToken cancellationToken)
    {
        var parts = owned.ToLookup(part => part.Kind, part => part.Found);
        IEnumerable<T> All<T>(ResourceKind kind) => parts[kind].Select(found => (T)found.Message);
        var groups = All<InstanceGroupManager>(ManagedInstanceGroup.ResourceKind).ToList();
        var rules = All<V1.ForwardingRule>(ForwardingRule.ResourceKind).ToList();
        var instances = All<V1.Instance>(Instance.ResourceKind).ToList();

        // A test instance has an external address too.
        var frontend = instances.Where(instance => instance.Name == api.Prefix + PrimeService.FrontendName).Select(Instance.AddressOf).FirstOrDefault();
        // Without the bucket the marks of all that is left have to agree that the time is over.
        var marks = parts.SelectMany(kind => kind).Select(found => found.Mark!.Expires).ToList();
        return new(
            api.Deployment, api.Zone, bucket is null ? null : Bucket.OwnerOf(bucket), bucket?.TimeCreatedDateTimeOffset,
            bucket is not null ? OwnershipMark.Parse(bucket.Labels)?.Expires : marks.Contains(null) ? null : marks.Max(),
            await HealthyAsync(api, All<V1.BackendService>(BackendService.ResourceKind), cancellationToken),
            groups.Sum(group => group.TargetSize), rules.FirstOrDefault()?.IPAddress, frontend is null ? null : new Uri($"http://{frontend}/"),
            Cost(groups, All<V1.InstanceTemplate>(InstanceTemplate.ResourceKind), instances)
                + (rules.Count * PriceTable.LoadBalancer) + (All<V1.Address>(ReservedAddress.ResourceKind).Count(IsUnused) * PriceTable.UnusedAddress))
        {
            Bucket = bucket?.Name,
        };
    }

    private static async Task<int> HealthyAsync(CloudApi api, IEnumerable<V1.BackendService> services, CancellationToken cancellationToken)
    {
        var asked = from service in services
                    from backend in service.Backends
                    select api.FindAsync($"read health of backend service {service.Name}", call => api.Cloud.BackendServices.GetHealthAsync(
                        new()
                        {
                            Project = api.Project, Region = api.Region, BackendService = service.Name,
                            ResourceGroupReferenceResource = new ResourceGroupReference { Group = backend.Group },
                        }, call), cancellationToken);
        return (await Task.WhenAll(asked)).Sum(health => health?.HealthStatus.Count(status => status.HealthState == "HEALTHY") ?? 0);
    }

    /// <summary>An internal address costs nothing; an external one that something has is counted with that.</summary>
    private static bool IsUnused(V1.Address address) => address.AddressType != "INTERNAL" && address.Users.Count == 0;

    private static decimal? Cost(
        IEnumerable<InstanceGroupManager> groups, IEnumerable<V1.InstanceTemplate> templates, IEnumerable<V1.Instance> instances)
    {
        var types = templates.ToDictionary(template => template.Name, template => Link.Name(template.Properties.MachineType), StringComparer.Ordinal);
        var machines = groups.Select(group => types.TryGetValue(Link.Name(group.InstanceTemplate), out var type)
                ? group.TargetSize * PriceTable.Machine(type, external: false) : null)
            .Concat(instances.Select(instance =>
                PriceTable.Machine(Link.Name(instance.MachineType), Instance.AddressOf(instance) is not null)));
        return machines.Aggregate((decimal?)0, (sum, machine) => sum + machine);
    }
}
