using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrimeDeploy.LocalCloud.Machines;

/// <summary>
/// Machines on a host that cannot make real ones: they start and stop, and nothing runs on them. Every one says so on its serial port.
/// </summary>
/// <param name="whyNot">One sentence with what to do about it.</param>
internal sealed class SimulatedMachineHost(string whyNot) : IMachineHost
{
    private readonly ConcurrentDictionary<string, SimulatedMachine> _machines = new(StringComparer.Ordinal);

    public HostCapabilities Capabilities { get; } = new(MachineKind.Simulated, whyNot);

    public Task ApplyNetworkAsync(NetworkPlan plan, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveNetworkAsync(string networkId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IMachine> BootAsync(MachineSpec spec, CancellationToken cancellationToken)
    {
        if (_machines.TryGetValue(spec.Id, out var known) && !known.Exited.IsCompleted)
            throw new MachineHostException($"Machine {spec.Id} ({spec.HostName}) runs already.");

        var machine = new SimulatedMachine(spec, known?.Serial ?? "", whyNot, () => _machines.TryRemove(spec.Id, out _));
        _machines[spec.Id] = machine;
        return Task.FromResult<IMachine>(machine);
    }

    public Task<IReadOnlyList<IMachine>> AdoptAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IMachine>>([]);

    public Socket Listen(string networkId, IPEndPoint endpoint, ProtocolType protocol = ProtocolType.Tcp) => throw Refuse($"Nothing can listen on {endpoint} inside the network");

    public Task<Socket> ConnectAsync(
        string networkId, IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken) =>
        throw Refuse($"{destination} cannot be reached");

    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        foreach (var machine in _machines.Values)
            await machine.DestroyAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private MachineHostException Refuse(string what) => new($"{what}: machines are only simulated. {whyNot}");

    private sealed class SimulatedMachine(MachineSpec spec, string earlier, string whyNot, Action forget) : IMachine
    {
        private readonly TaskCompletionSource<MachineExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Serial { get; } = $"{earlier}{spec.HostName} is a simulated machine: no startup script runs and nothing answers. {whyNot}\n";

        public string Id => spec.Id;

        public Task<MachineExit> Exited => _exited.Task;

        public SerialOutput ReadSerial(long start)
        {
            var bytes = Encoding.UTF8.GetBytes(Serial);
            var first = (int)Math.Clamp(start < 0 ? bytes.Length + start : start, 0, bytes.Length);
            return new SerialOutput(first, Encoding.UTF8.GetString(bytes, first, bytes.Length - first), bytes.Length);
        }

        public Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
        {
            _exited.TrySetResult(MachineExit.PoweredOff);
            return Task.CompletedTask;
        }

        public Task DestroyAsync(CancellationToken cancellationToken)
        {
            _exited.TrySetResult(MachineExit.Killed);
            forget();
            return Task.CompletedTask;
        }

        public Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
            throw new MachineHostException($"{string.Join(' ', command)} cannot run on {spec.HostName}: machines are only simulated. {whyNot}");
    }
}
