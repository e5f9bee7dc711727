using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>Keeps one <see cref="Prober"/> for every target that the documents ask for. Of simulated machines it is assumed that they are well.</summary>
/// <param name="changed">Called after the state of a target changed in a way that somebody has to act on.</param>
internal sealed class HealthLoop(
    DocumentStore store, HealthStates states, Action changed, IMachineHost host, TimeProvider time, ILogger<HealthLoop> logger)
    : ControlLoop(store, time, logger)
{
    private readonly Dictionary<(ResourceName Asker, string MachineId), Running> _running = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var key in _running.Keys.ToList())
            await StopAsync(key);
    }

    protected override async Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        var wanted = HealthTarget.AllOf(ComputeSnapshot.Of(Store)).DistinctBy(t => (t.Asker, t.MachineId)) // A machine may be in two groups of one service.
            .ToDictionary(t => (t.Asker, t.MachineId));
        foreach (var key in _running.Keys.Where(k => !wanted.TryGetValue(k, out var target) || target != _running[k].Target).ToList())
        {
            await StopAsync(key);
            if (!wanted.ContainsKey(key))
                states.Forget(key.Asker, key.MachineId);
        }

        foreach (var (key, target) in wanted.Where(w => !_running.ContainsKey(w.Key)))
            _running[key] = Begin(target);
        return null;
    }

    private Running Begin(HealthTarget target)
    {
        var stop = new CancellationTokenSource();
        if (host.Capabilities.Kind == MachineKind.Simulated)
        {
            Report(target, HealthState.Assumed);
            return new(target, Task.CompletedTask, stop);
        }

        if (!target.Probe.CanBeProbed)
        {
            Logger.NotProbed(target.Probe.HealthCheck.Path, target.Probe.Type);
            return new(target, Task.CompletedTask, stop);
        }

        var state = states.Find(target.Asker, target.MachineId) ?? HealthState.Initial;
        return new(target, new Prober(target, host, Time).RunAsync(state, s => Report(target, s), stop.Token), stop);
    }

    private void Report(HealthTarget target, HealthState state)
    {
        if (!states.Set(target.Asker, target.MachineId, state))
            return;
        if (state.Verdict != HealthState.Initial.Verdict)
            Logger.HealthChanged(target.MachineId, target.Asker.Path, state.Verdict);
        changed();
    }

    private async Task StopAsync((ResourceName, string) key)
    {
        _running.Remove(key, out var running);
        await running!.Stop.CancelAsync();
        await running.Task;
        running.Stop.Dispose();
    }

    private sealed record Running(HealthTarget Target, Task Task, CancellationTokenSource Stop);
}
