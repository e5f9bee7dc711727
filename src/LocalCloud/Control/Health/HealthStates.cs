using System.Collections.Concurrent;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>What the health checkers know at the moment, by who asks (a forwarding rule, or a managed group that heals) and machine.</summary>
internal sealed class HealthStates
{
    private readonly ConcurrentDictionary<(ResourceName Asker, string MachineId), HealthState> _states = new();

    public HealthState? Find(ResourceName asker, string machineId) => _states.GetValueOrDefault((asker, machineId));

    /// <summary>A machine that was never probed is not healthy yet.</summary>
    public bool IsHealthy(ResourceName asker, string machineId) => Find(asker, machineId)?.Healthy ?? false;

    /// <returns>Whether anybody has to act on it: the verdict is another one than before.</returns>
    public bool Set(ResourceName asker, string machineId, HealthState state)
    {
        var before = Find(asker, machineId);
        _states[(asker, machineId)] = state;
        return before is null || before.Healthy != state.Healthy || before.Verdict != state.Verdict;
    }

    public void Forget(ResourceName asker, string machineId) => _states.TryRemove((asker, machineId), out _);
}
