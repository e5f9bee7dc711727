using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>A running machine: its init process, held by a descriptor that cannot come to mean another process.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NamespaceMachine : IMachine
{
    private const int WatcherStackBytes = 128 * 1024;

    private readonly MachineDirectory _directory;
    private readonly MachineRecord _record;
    private readonly GuestLayer _guest;
    private readonly SafeFileHandle _init;
    private readonly Func<NamespaceMachine, Task> _unplug;
    private readonly Func<NamespaceMachine, Task> _afterExit;
    private readonly Func<NamespaceMachine, CancellationToken, Task> _remove;
    private readonly TaskCompletionSource<MachineExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;

    /// <param name="directory">The machine's files.</param>
    /// <param name="record">Which process it is.</param>
    /// <param name="guest">The guest's programs, on the host.</param>
    /// <param name="init">The same process, as a descriptor; taken over.</param>
    /// <param name="time">The clock of <see cref="StopAsync"/>'s grace.</param>
    /// <param name="unplug">Cuts the machine off its network.</param>
    /// <param name="afterExit">Runs when init has ended, before <see cref="Exited"/> completes.</param>
    /// <param name="remove">Removes what is left of a machine that is down.</param>
    public NamespaceMachine(
        MachineDirectory directory, MachineRecord record, GuestLayer guest, SafeFileHandle init, TimeProvider time,
        Func<NamespaceMachine, Task> unplug, Func<NamespaceMachine, Task> afterExit, Func<NamespaceMachine, CancellationToken, Task> remove)
    {
        _directory = directory;
        _record = record;
        _guest = guest;
        _init = init;
        _time = time;
        _unplug = unplug;
        _afterExit = afterExit;
        _remove = remove;
    }

    public string Id => _directory.MachineId;

    public MachineDirectory Directory => _directory;

    public MachineRecord Record => _record;

    public Task<MachineExit> Exited => _exited.Task;

    /// <summary>The process of a record if it still runs.</summary>
    public static SafeFileHandle? FindInit(MachineRecord record) => FindInit(record.InitProcess, record.InitStarted, record.HostBoot);

    /// <inheritdoc cref="FindInit(MachineRecord)"/>
    public static SafeFileHandle? FindInit(int number, long started, string boot)
    {
        if (boot != Kernel.BootId)
            return null;

        // Opened first and compared then: what the descriptor names does not change any more.
        var process = LinuxCalls.OpenProcess(number);
        if (!process.IsInvalid && Kernel.StartTime(number) == started)
            return process;
        process.Dispose();
        return null;
    }

    /// <summary>Begins to wait for init's end.</summary>
    public void Watch() => new Thread(WaitForEnd, WatcherStackBytes) { IsBackground = true, Name = $"machine {Id}" }.Start();

    public SerialOutput ReadSerial(long start) => SerialLog.Read(_directory.SerialLog, start);

    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        if (Exited.IsCompleted)
            return;

        if (grace > TimeSpan.Zero)
        {
            LinuxCalls.SendSignal(_init, LinuxCalls.SignalPowerOff);
            try
            {
                await Exited.WaitAsync(grace, _time, cancellationToken);
                return;
            }
            catch (TimeoutException)
            {
                // It had its time.
            }
        }

        // A machine that loses power says no goodbye: without the link its connections are not closed, they fall silent.
        try
        {
            await _unplug(this);
        }
        finally
        {
            LinuxCalls.SendSignal(_init, LinuxCalls.SignalKill);
        }

        await Exited.WaitAsync(cancellationToken);
    }

    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        await StopAsync(TimeSpan.Zero, cancellationToken);
        await _remove(this, cancellationToken);
    }

    public IReadOnlyList<string>? WayIn => Exited.IsCompleted
        ? null
        : ["perl", _guest.Enter, $"{_record.InitProcess}", .. _record.ControlGroups, "--"];

    public Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) => WayIn is { } wayIn
        ? Tool.RunAsync([.. wayIn, .. command], "", inside: null, cancellationToken)
        : throw new MachineHostException($"`{string.Join(' ', command)}` cannot run: {_record.HostName} is not running.");

    private void WaitForEnd()
    {
        LinuxCalls.WaitForExit(_init);
        _ = FinishAsync();
    }

    private async Task FinishAsync()
    {
        _init.Dispose();
        try
        {
            await _afterExit(this);
        }
        catch (Exception failure)
        {
            // It is down all the same. What is left is cleaned up with the machine or by a purge.
            SerialLog.Append(_directory.SerialLog, $"Cleaning up after {_record.HostName} failed: {failure.Message}\n");
        }

        _exited.SetResult(_directory.ReadExit());
    }
}
