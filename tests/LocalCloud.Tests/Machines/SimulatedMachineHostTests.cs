using System.Net;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class SimulatedMachineHostTests
{
    [Fact]
    public async Task Simulated_machines_boot_and_stop_and_say_on_their_serial_port_that_nothing_runs()
    {
        await using var host = await MachineHost.OpenAsync("/nowhere", MachineMode.None, MachineInit.Light, TimeProvider.System, CancellationToken.None);
        Assert.Equal(MachineKind.Simulated, host.Capabilities.Kind);
        Assert.StartsWith("Machines are switched off by --machines none", host.Capabilities.WhyNot, StringComparison.Ordinal);

        var spec = new MachineSpec("vm1", "machine1", "lab.internal", "net1", IPAddress.Parse("10.138.0.2"), IPAddress.Parse("10.138.0.1"), "");
        var machine = await host.BootAsync(spec, CancellationToken.None);
        Assert.StartsWith("machine1 is a simulated machine: no startup script runs", machine.ReadSerial(0).Contents, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MachineHostException>(() => host.BootAsync(spec, CancellationToken.None));
        await Assert.ThrowsAsync<MachineHostException>(() => host.ConnectAsync("net1", IPAddress.Loopback, new IPEndPoint(spec.Address, 80), null, CancellationToken.None));

        await machine.StopAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.Equal(MachineExit.PoweredOff, await machine.Exited);
        machine = await host.BootAsync(spec, CancellationToken.None);
        Assert.Equal(2, machine.ReadSerial(0).Contents.Split("simulated machine").Length - 1);
    }
}
