using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Control;

/// <summary>A machine that tells its host when someone looks whether it runs, and when it is to be destroyed.</summary>
internal sealed class WatchedMachine(IMachine inner, string name, RecordingMachineHost host) : IMachine
{
    public string Id => inner.Id;

    public Task<MachineExit> Exited
    {
        get
        {
            host.LookedAt?.Invoke(name);
            return inner.Exited;
        }
    }

    public IReadOnlyList<string>? WayIn => inner.WayIn;

    public SerialOutput ReadSerial(long start) => inner.ReadSerial(start);

    public Task StopAsync(TimeSpan grace, CancellationToken cancellationToken) => inner.StopAsync(grace, cancellationToken);

    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        host.Destroying.Enqueue(name);
        if (host.Destruction is { } allowed)
            await allowed.Task.WaitAsync(cancellationToken);
        await inner.DestroyAsync(cancellationToken);
    }

    public Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) => inner.RunAsync(command, cancellationToken);
}
