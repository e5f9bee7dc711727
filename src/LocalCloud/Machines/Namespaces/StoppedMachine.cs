using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>A machine that an earlier server process booted and that does not run any more: its files are all there is of it.</summary>
/// <param name="directory">Its files.</param>
/// <param name="record">What was last known of it.</param>
/// <param name="remove">Removes what is left of it.</param>
[SupportedOSPlatform("linux")]
internal sealed class StoppedMachine(MachineDirectory directory, MachineRecord record, Func<CancellationToken, Task> remove) : IMachine
{
    public string Id => directory.MachineId;

    public Task<MachineExit> Exited { get; } = Task.FromResult(directory.ReadExit());

    public SerialOutput ReadSerial(long start) => SerialLog.Read(directory.SerialLog, start);

    public Task StopAsync(TimeSpan grace, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DestroyAsync(CancellationToken cancellationToken) => remove(cancellationToken);

    public Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        throw new MachineHostException($"`{string.Join(' ', command)}` cannot run: {record.HostName} is not running.");
}
