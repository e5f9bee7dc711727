using PrimeDeploy.LocalCloud.Tests.Machines;
using System.Diagnostics;
using System.Net.Http.Json;

namespace PrimeDeploy.EndToEnd.Tests;

public sealed class LifeCycleTests
{
    [NamespacesFact]
    public async Task A_deployment_is_made_verified_found_unchanged_and_taken_down_to_nothing()
    {
        await using var build = new Build();

        var first = (await build.RunAsync("Deploy")).Succeeded();
        LabPage.AssertRight(await LabPage.ReadAsync(first.Frontend), 1);
        LabPage.AssertRight(await LabPage.ReadAsync(new Uri(first.Frontend, "/10000")), 10000);
        Assert.Contains("Plan: 17 to create", first.Output);

        var second = (await build.RunAsync("Deploy")).Succeeded();
        Assert.Contains("Plan: 18 unchanged", second.Output);
        Assert.Equal(first.Frontend, second.Frontend);

        var other = await build.RunAsync("Deploy", "--port=1", "--machines=none", "--init=systemd");
        Assert.NotEqual(0, other.ExitCode);
        Assert.Contains("--port: it has port", other.Output);
        Assert.Contains("--machines: its machines are namespaces, not none.", other.Output);
        Assert.Contains("--init: its machines boot with light, not systemd.", other.Output);

        var teardown = (await build.RunAsync("Teardown")).Succeeded();
        Assert.Contains("The local cloud has ended", teardown.Output);
        Assert.False(Directory.Exists(build.State));
        Assert.DoesNotContain(build.State, await File.ReadAllTextAsync("/proc/mounts"));
        Assert.Empty(ProcessesOf(build.State));

        var again = (await build.RunAsync("Teardown")).Succeeded();
        Assert.Contains("nothing to take down", again.Output);
    }

    [NamespacesFact]
    public async Task InstanceGroup_makes_only_what_it_depends_on()
    {
        await using var build = new Build();

        var run = (await build.RunAsync("InstanceGroup", "--size=1")).Succeeded();

        Assert.Contains("managed instance group backend: created", run.Output);
        Assert.Contains("instance template primecalc: created", run.Output);
        Assert.DoesNotContain("forwarding rule", run.Output);
        Assert.DoesNotContain("instance frontend", run.Output);
    }

    [NamespacesFact]
    public async Task While_one_run_works_another_ends_with_3_and_what_Ctrl_C_stopped_ends_with_130_and_is_gone_on_with()
    {
        await using var build = new Build();
        (await build.RunAsync("Bucket")).Succeeded();
        using var http = new HttpClient();
        var slow = new { collection = "instanceGroupManagers", verb = "insert", count = 1, delaySeconds = 600 };
        using var held = await http.PostAsJsonAsync(new Uri((await build.CloudAsync()).Endpoint, "/localcloud/faults"), slow);
        held.EnsureSuccessStatusCode();

        var stopped = build.Start("Deploy");
        await stopped.PrintedAsync("managed instance group backend: creating");
        var other = await build.RunAsync("Deploy");
        Assert.Equal(3, other.ExitCode);
        Assert.Contains("lab is being worked on", other.Output);

        using (var interrupt = Process.Start("kill", ["-INT", stopped.Id.ToString()]))
            await interrupt.WaitForExitAsync();

        await stopped.EndAsync();
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("Stopped. The next run goes on from what is there.", stopped.Output);

        LabPage.AssertRight(await LabPage.ReadAsync((await build.RunAsync("Deploy")).Succeeded().Frontend), 1);
    }

    [NamespacesFact]
    public async Task A_local_cloud_that_was_killed_is_taken_down_with_the_machines_that_it_left()
    {
        await using var build = new Build();
        (await build.RunAsync("InstanceGroup", "--size=1")).Succeeded();
        using (var server = Process.GetProcessById((await build.CloudAsync()).Pid))
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
        Assert.NotEmpty(ProcessesOf(build.State));

        (await build.RunAsync("Teardown")).Succeeded();

        Assert.False(Directory.Exists(build.State));
        Assert.Empty(ProcessesOf(build.State));
    }

    [Fact]
    public async Task With_simulated_machines_the_resources_are_made_and_the_service_is_not_claimed_to_serve()
    {
        await using var build = new Build();

        var run = (await build.RunAsync("Deploy", "--machines=none")).Succeeded();

        Assert.Contains("Machines are simulated", run.Output);
        Assert.Contains("skipped", run.Output);
        Assert.DoesNotContain("Open http", run.Output);
    }

    private static IEnumerable<string> ProcessesOf(string state) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let command = Read(Path.Combine(folder, "cmdline")).Replace('\0', ' ')
        where command.Contains(state, StringComparison.Ordinal)
        select command;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }
}
