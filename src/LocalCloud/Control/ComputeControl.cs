using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.External;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control;

/// <summary>The control loops as one: started, stopped and asked together.</summary>
internal sealed class ComputeControl : IComputeControl, IAsyncDisposable
{
    private readonly DocumentStore _store;
    private readonly IGuestServices _guests;
    private readonly HealthStates _health = new();
    private readonly NetworkLoop _networks;
    private readonly InstanceLoop _instances;
    private readonly GroupLoop _groups;
    private readonly HealthLoop _checks;
    private readonly ExternalAccess _external;

    public ComputeControl(DocumentStore store, IMachineHost host, IGuestServices guests, IMemberFactory members, TimeProvider time, ILoggerFactory loggers)
    {
        _store = store;
        _guests = guests;
        _networks = new(store, _health, host, guests, time, loggers.CreateLogger<NetworkLoop>());
        _instances = new(store, host, _networks, new MachineSpecs(store, guests), time, loggers.CreateLogger<InstanceLoop>());
        _groups = new(store, _health, members, time, loggers.CreateLogger<GroupLoop>());
        _checks = new(store, _health, HealthChanged, host, time, loggers.CreateLogger<HealthLoop>());
        _external = new(store, host, time, loggers.CreateLogger<ExternalAccess>());
    }

    /// <summary>Takes over the machines of an earlier server, so that those can be reached again, then starts the loops, which boot what is missing.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _instances.AdoptAsync(cancellationToken);
        _networks.Start();
        _instances.Start();
        _groups.Start();
        _checks.Start();
        _external.Start();
        await _external.WhenAppliedAsync(_store.Version, cancellationToken);
    }

    /// <summary>Stops the loops. The machines go on running; the next server adopts them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _external.DisposeAsync();
        await _checks.DisposeAsync();
        await _groups.DisposeAsync();
        await _instances.DisposeAsync();
        await _networks.DisposeAsync();
    }

    public async Task WhenAppliedAsync(long version, CancellationToken cancellationToken)
    {
        await _groups.WhenAppliedAsync(version, cancellationToken);
        await _networks.WhenAppliedAsync(version, cancellationToken);
        await _external.WhenAppliedAsync(version, cancellationToken);
    }

    public async Task WhenMadeAsync(ResourceName instance, CancellationToken cancellationToken)
    {
        var isMade = false;
        await UntilAsync(instance, i => (isMade = i is not null && Local.GetFlag(i, Local.Booted)) || i is null || i.IsDeleting(), cancellationToken);
        if (!isMade)
            throw _instances.FailureOf(instance) ?? DownBeforeItRan(instance);
    }

    public async Task WhenRunningAsync(ResourceName instance, CancellationToken cancellationToken)
    {
        while (true)
        {
            var version = _store.Version;
            switch (_store.Find(instance)?.Text("status"))
            {
                case InstanceStatus.Running:
                    return;
                case null or InstanceStatus.Stopping or InstanceStatus.Terminated:
                    throw _instances.FailureOf(instance) ?? DownBeforeItRan(instance);
            }

            await _store.WhenChangedAsync(version, cancellationToken);
        }
    }

    public async Task StopAsync(ResourceName instance, CancellationToken cancellationToken)
    {
        _store.Update(instance, i =>
        {
            if (i.Text("status") != InstanceStatus.Terminated)
                i["status"] = InstanceStatus.Stopping;
        });
        // A member of a group may be deleted, to be made again, as soon as it is down.
        await UntilAsync(instance, i => i?.Text("status") != InstanceStatus.Stopping || i.IsDeleting(), cancellationToken);
    }

    public async Task StartAsync(ResourceName instance, CancellationToken cancellationToken)
    {
        _store.Update(instance, i =>
        {
            if (i.Text("status") == InstanceStatus.Terminated)
                i["status"] = InstanceStatus.Provisioning;
        });
        await WhenRunningAsync(instance, cancellationToken);
    }

    public async Task ResetAsync(ResourceName instance, CancellationToken cancellationToken)
    {
        // One that was stopped or is being deleted meanwhile stays down: nobody would ever take the mark away.
        _store.Update(instance, i =>
        {
            if (i.Text("status") == InstanceStatus.Running)
                Local.Set(i, Local.Reset, true);
        });
        await UntilAsync(instance, i => i is null || i.IsDeleting() || !Local.GetFlag(i, Local.Reset), cancellationToken);
        await WhenRunningAsync(instance, cancellationToken);
    }

    public async Task DeleteAsync(ResourceName instance, CancellationToken cancellationToken)
    {
        var marked = _store.Update(instance, i =>
        {
            if (i.IsDeleting())
                Deletion.Complete(i);
        });
        if (marked?.IsDeleting() is not true)
            return;
        // By its id, because a group makes a member again under the same name.
        await UntilAsync(instance, i => i is null || i.Text("id") != marked.Text("id"), cancellationToken);
    }

    public Task WhenGroupEmptyAsync(ResourceName group, CancellationToken cancellationToken) =>
        UntilAsync(
            group,
            g => (g is null || Local.Get(g, Local.Members) is not JsonObject { Count: > 0 })
                && !_store.List("instances").Any(i => Local.GetString(i.Json, Local.Group) == group.Path),
            cancellationToken);

    public IReadOnlyList<GroupMember> GetMembers(ResourceName group)
    {
        var documents = ComputeSnapshot.Of(_store);
        return documents.Groups.FirstOrDefault(g => g.Name == group) is { Json: not null } document ? GroupMember.AllOf(document, documents, _health) : [];
    }

    public IReadOnlyList<InstanceHealth> GetHealth(ResourceName backendService, ResourceName instanceGroup)
    {
        var documents = ComputeSnapshot.Of(_store);
        var found = new List<InstanceHealth>();
        foreach (var rule in Frontend.All(documents).Where(r => r.BackendService == backendService && r.Groups.Contains(instanceGroup)))
        {
            if (rule.HealthCheck is not { } check)
                continue;
            var port = ProbeSpec.Of(check).Port;
            foreach (var member in documents.MembersOf(instanceGroup).Where(m => m.IsOnNetwork))
            {
                var healthy = member.IsServing && _health.IsHealthy(rule.Name, member.MachineId!);
                found.Add(new(member.Name, member.Address!.ToString(), port, healthy ? "HEALTHY" : "UNHEALTHY", rule.Name, rule.Address.ToString()));
            }
        }

        foreach (var service in ManagedService.AllReached(documents).Where(s => s.Name == backendService && s.HealthCheck is not null))
        {
            var probe = ProbeSpec.Of(service.HealthCheck!.Value);
            foreach (var backend in service.Backends(documents).Where(b => b.Group == instanceGroup))
            {
                var healthy = backend.Instance.IsServing && _health.IsHealthy(backendService, backend.Instance.MachineId!);
                found.Add(new(backend.Instance.Name, backend.Instance.Address!.ToString(), backend.Probe(probe).Port, healthy ? "HEALTHY" : "UNHEALTHY"));
            }
        }

        return found;
    }

    public SerialOutput? ReadSerial(ResourceName instance, long start) => _instances.MachineOf(instance)?.ReadSerial(start);

    public IReadOnlyList<string>? WayInto(ResourceName instance) => _instances.MachineOf(instance)?.WayIn;

    public IReadOnlyList<(string Namespace, string Key, string Value)> GuestAttributes(ResourceName instance) => _guests.GuestAttributes(instance);

    private static OperationFailedException DownBeforeItRan(ResourceName instance) =>
        new("RESOURCE_NOT_READY", 409, $"The instance '{instance.Path}' was stopped or deleted before it was running.");

    private void HealthChanged()
    {
        _networks.Wake();
        _groups.Wake();
    }

    private async Task UntilAsync(ResourceName name, Func<JsonObject?, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var version = _store.Version;
            if (condition(_store.Find(name)))
                return;
            await _store.WhenChangedAsync(version, cancellationToken);
        }
    }
}
