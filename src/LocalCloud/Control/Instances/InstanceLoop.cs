using System.Collections.Concurrent;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>Gives every instance document the machine that it describes, and takes it away again. Instances are worked on side by side.</summary>
internal sealed class InstanceLoop(
    DocumentStore store, IMachineHost host, NetworkLoop networks, MachineSpecs specs, TimeProvider time, ILogger<InstanceLoop> logger)
    : ControlLoop(store, time, logger)
{
    /// <summary>How long a machine may take to power off before it is killed. The real service allows about 90 s: https://cloud.google.com/compute/docs/instances/stop-start-instance.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, IMachine> _machines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ResourceName, Task> _busy = new();
    private readonly ConcurrentDictionary<ResourceName, OperationFailedException> _failures = new();

    // Booting is work for the processor; more at a time than there are processors only makes each of them slower.
    private readonly SemaphoreSlim _boots = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Takes over the machines of an earlier server. Called once, before the loop starts.</summary>
    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        var owners = Store.List("instances").Select(i => Local.GetString(i.Json, Local.Machine)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var machine in await host.AdoptAsync(cancellationToken))
        {
            if (owners.Contains(machine.Id))
                Track(machine);
            else
                await machine.DestroyAsync(cancellationToken);
        }

        Logger.Adopted(_machines.Count);
    }

    /// <summary>The machine of an instance, also one that was powered off; null when it never booted.</summary>
    public IMachine? MachineOf(ResourceName instance) =>
        Store.Find(instance) is { } json && Local.GetString(json, Local.Machine) is { } id ? _machines.GetValueOrDefault(id) : null;

    /// <summary>Why the last boot of the instance failed; null when it did not.</summary>
    public OperationFailedException? FailureOf(ResourceName instance) => _failures.GetValueOrDefault(instance);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Task.WhenAll(_busy.Values);
        _boots.Dispose();
    }

    protected override Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        TimeSpan? lookAgain = null;
        foreach (var (name, _) in Store.List("instances"))
        {
            // Read after that: what was listed is from before the last worker on it ended.
            if (_busy.ContainsKey(name) || Store.Find(name) is not { } json)
                continue;
            if (RunLimit.EndOf(json) is { } end)
            {
                var left = end - Time.GetUtcNow();
                if (left > TimeSpan.Zero)
                    lookAgain = left < lookAgain ? left : lookAgain ?? left;
                else if ((json = Store.Update(name, RunLimit.End)) is null)
                    continue;
                else
                    Logger.RunIsOver(name.Path);
            }
            var instance = InstanceView.Of(name, json);
            var presence = InstanceDecision.PresenceOf(instance.MachineId is { } id ? _machines.GetValueOrDefault(id) : null);
            var action = InstanceDecision.Decide(instance, presence);
            if (action != InstanceAction.None)
                Begin(action, instance, presence);
        }

        return Task.FromResult(lookAgain);
    }

    private void Begin(InstanceAction action, InstanceView instance, MachinePresence presence)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _busy[instance.Name] = WorkAsync();
        started.SetResult();

        async Task WorkAsync()
        {
            await started.Task;
            try
            {
                await ActAsync(action, instance, presence, Stopping);
            }
            catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException) // Whatever it was, the other instances go on and this one is tried again.
            {
                Logger.ActionFailed(action, instance.Name.Path, e);
                await Task.Delay(RetryDelay, Time, Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                _busy.TryRemove(instance.Name, out _);
                Wake();
            }
        }
    }

    private async Task ActAsync(InstanceAction action, InstanceView instance, MachinePresence presence, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case InstanceAction.Boot:
                if (instance.Status == InstanceStatus.Running && presence != MachinePresence.Rebooting && !instance.Reset)
                    Logger.BootingAgain(instance.Name.Path, presence);
                await BootAsync(instance, cancellationToken);
                break;
            case InstanceAction.MarkRunning:
                MarkRunning(instance.Name);
                break;
            case InstanceAction.Stop:
                if (instance.Deleting)
                    await DrainAsync(instance, cancellationToken);
                await PowerOffAsync(instance, StopGrace, cancellationToken);
                MarkTerminated(instance.Name);
                break;
            case InstanceAction.MarkTerminated:
                if (instance.Status == InstanceStatus.Running)
                    Logger.Ended(instance.Name.Path, presence);
                MarkTerminated(instance.Name);
                break;
            case InstanceAction.Reset:
                await PowerOffAsync(instance, TimeSpan.Zero, cancellationToken);
                await BootAsync(instance, cancellationToken);
                break;
            case InstanceAction.Delete:
                await DeleteAsync(instance, cancellationToken);
                break;
        }
    }

    private async Task BootAsync(InstanceView instance, CancellationToken cancellationToken)
    {
        try
        {
            _failures.TryRemove(instance.Name, out _);
            var prepared = Store.Update(instance.Name, MachineId.Ensure);
            if (prepared is null)
                return;
            await networks.WhenAppliedAsync(Store.Version, cancellationToken);
            await _boots.WaitAsync(cancellationToken);
            try
            {
                Store.Update(instance.Name, i =>
                {
                    if (i.Text("status") == InstanceStatus.Provisioning)
                        i["status"] = InstanceStatus.Staging;
                });
                var machine = await host.BootAsync(specs.Of(InstanceView.Of(instance.Name, prepared)), cancellationToken);
                Track(machine);
                Logger.Booted(instance.Name.Path, machine.Id);
            }
            finally
            {
                _boots.Release();
            }

            MarkRunning(instance.Name);
        }
        catch (MachineHostException e)
        {
            await GiveUpAsync(instance, new OperationFailedException("INTERNAL_ERROR", 500, e.Message));
        }
        catch (OperationFailedException e)
        {
            await GiveUpAsync(instance, e);
        }
    }

    // As the real service does it: an instance that could not be created is not there, one that could not be started again is TERMINATED.
    private async Task GiveUpAsync(InstanceView instance, OperationFailedException reason)
    {
        Logger.BootFailed(instance.Name.Path, reason.Message);
        _failures[instance.Name] = reason;
        if (instance.Booted)
        {
            MarkTerminated(instance.Name, reason.Message);
            return;
        }

        if (ResourceName.FromLink(instance.Group) is { } group)
            MemberFailures.Record(Store, group, instance.Name, reason, Time.GetUtcNow(), Logger);
        await DeleteAsync(instance, Stopping);
    }

    private async Task PowerOffAsync(InstanceView instance, TimeSpan grace, CancellationToken cancellationToken)
    {
        // The load balancers take it out first, so that nobody is sent to a machine that is going down. A network that cannot be changed must not keep it alive.
        await networks.WhenAppliedAsync(Store.Version, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (MachineOf(instance.Name) is { } machine)
            await machine.StopAsync(grace, cancellationToken);
    }

    // The time is in the document, so that another server that goes on does not begin it anew.
    private async Task DrainAsync(InstanceView instance, CancellationToken cancellationToken)
    {
        if (host.Capabilities.Kind == MachineKind.Simulated)
            return; // Nothing answers there, so nobody has a connection.
        var timeout = ConnectionDraining.TimeOf(instance, ComputeSnapshot.Of(Store));
        if (timeout == TimeSpan.Zero)
            return;
        var draining = Store.Update(instance.Name, i =>
        {
            if (Local.GetString(i, Local.DrainedAt) is null)
                Local.Set(i, Local.DrainedAt, (Time.GetUtcNow() + timeout).ToString("O"));
        });
        if (draining is null || !DateTimeOffset.TryParse(Local.GetString(draining, Local.DrainedAt), out var drainedAt) || drainedAt - Time.GetUtcNow() is not { Ticks: > 0 } left)
            return;
        Logger.Draining(instance.Name.Path, left.TotalSeconds);
        await Task.WhenAny(Task.Delay(left, Time, cancellationToken), MachineOf(instance.Name)?.Exited ?? Task.CompletedTask);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task DeleteAsync(InstanceView instance, CancellationToken cancellationToken)
    {
        await DrainAsync(instance, cancellationToken);
        await PowerOffAsync(instance, StopGrace, cancellationToken);
        if (MachineOf(instance.Name) is { } machine)
        {
            await machine.DestroyAsync(cancellationToken);
            _machines.TryRemove(machine.Id, out _);
        }

        AttachedDisks.RemoveWithInstance(Store, instance.Name);
    }

    private void MarkRunning(ResourceName instance) => Store.Update(instance, i =>
    {
        Local.Set(i, Local.Reset, null);
        Local.Set(i, Local.Booted, true);
        if (i.Text("status") is InstanceStatus.Stopping or InstanceStatus.Terminated)
            return; // Asked to stop while it was booting.
        i["status"] = InstanceStatus.Running;
        i["lastStartTimestamp"] = Timestamp();
        RunLimit.Begin(i, Time.GetUtcNow());
        i.Remove("statusMessage");
    });

    private void MarkTerminated(ResourceName instance, string? why = null) => Store.Update(instance, i =>
    {
        Local.Set(i, Local.Reset, null);
        if (i.IsDeleting() || (why is null && i.Text("status") == InstanceStatus.Provisioning))
            return; // It is STOPPING until it is gone, or was asked to start again meanwhile.
        i["status"] = InstanceStatus.Terminated;
        i["lastStopTimestamp"] = Timestamp();
        RunLimit.Clear(i);
        if (why is not null)
            i["statusMessage"] = why;
    });

    private string Timestamp() => Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz");

    private void Track(IMachine machine)
    {
        _machines[machine.Id] = machine;
        _ = WakeAtItsEndAsync();

        async Task WakeAtItsEndAsync()
        {
            await ((Task)machine.Exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Wake();
        }
    }
}
