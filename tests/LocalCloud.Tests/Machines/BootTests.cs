using System.Diagnostics;
using PrimeDeploy.LocalCloud.Machines;
using Xunit.Abstractions;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class BootTests(ITestOutputHelper output)
{
    [NamespacesFact]
    public async Task A_machine_boots_and_runs_its_startup_script_in_the_agents_words()
    {
        await using var lab = await MachineLab.OpenAsync();
        var clock = Stopwatch.StartNew();
        var machine = await lab.BootAsync(2, "\n  #!/bin/bash\necho \"hello from $(hostname)\"\n");
        var booted = clock.ElapsedMilliseconds;
        var serial = await lab.WaitForSerialAsync(machine, "Finished running startup scripts.");
        output.WriteLine($"BootAsync {booted} ms, startup script done after {clock.ElapsedMilliseconds} ms\n{serial}");

        Assert.Matches(@"\w{3} [ \d]\d \d\d:\d\d:\d\d machine2 google_metadata_script_runner\[\d+\]: startup-script: hello from machine2\n", serial);
        Assert.Contains("]: startup-script exit status 0\n", serial, StringComparison.Ordinal);
    }
}
