using System.Diagnostics;
using PrimeDeploy.LocalCloud.Machines;
using Xunit.Abstractions;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class BootTests(ITestOutputHelper output)
{
    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_machine_boots_and_runs_its_startup_script_in_the_agents_words(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var clock = Stopwatch.StartNew();
        var machine = await lab.BootAsync(2, "\n  #!/bin/bash\necho \"hello from $(hostname)\"\n");
        var booted = clock.ElapsedMilliseconds;
        var serial = await lab.WaitForSerialAsync(machine, "Finished running startup scripts.");
        output.WriteLine($"BootAsync {booted} ms, startup script done after {clock.ElapsedMilliseconds} ms\n{serial}");

        Assert.Matches(@"\w{3} [ \d]\d \d\d:\d\d:\d\d machine2 google_metadata_script_runner\[\d+\]: startup-script: hello from machine2\n", serial);
        Assert.Contains("]: startup-script exit status 0\n", serial, StringComparison.Ordinal);
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Ten_machines_boot_quickly_together(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        await lab.ApplyAsync(lab.Plan with
        {
            Ports = [.. Enumerable.Range(2, 20).Select(MachineLab.Spec).Select(spec => new MachinePort(spec.Id, spec.Address, GoogleAccess: false, []))],
        });
        foreach (var number in Enumerable.Range(2, 5))
        {
            var each = Stopwatch.StartNew();
            var machine = await lab.BootAsync(number, "echo hello");
            var up = each.ElapsedMilliseconds;
            await lab.WaitForSerialAsync(machine, "startup-script: hello");
            output.WriteLine($"machine {number}: up after {up} ms, its startup script runs after {each.ElapsedMilliseconds} ms");
        }

        var clock = Stopwatch.StartNew();
        var machines = await Task.WhenAll(Enumerable.Range(10, 10).Select(number => lab.BootAsync(number, "echo hello")));
        output.WriteLine($"ten at once: up after {clock.ElapsedMilliseconds} ms");
        await Task.WhenAll(machines.Select(machine => lab.WaitForSerialAsync(machine, "startup-script: hello")));
        output.WriteLine($"ten at once: startup scripts run after {clock.ElapsedMilliseconds} ms");
        clock.Restart();
        await Task.WhenAll(machines.Select(machine => machine.DestroyAsync(lab.Deadline)));
        output.WriteLine($"ten at once: destroyed in {clock.ElapsedMilliseconds} ms");
    }

    [NamespacesFact]
    public async Task An_unknown_host_name_is_refused_at_once()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);

        var clock = Stopwatch.StartNew();
        Assert.Equal("unknown unknown unknown", await lab.RunAsync(machine, "for i in 1 2 3; do getent hosts example.com || echo unknown; done | xargs"));
        Assert.InRange(clock.ElapsedMilliseconds, 0, 4000);
    }
}
