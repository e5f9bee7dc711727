using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Server;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Server;

public sealed class LocalCloudServerTests
{
    [Fact]
    public async Task Resources_outlive_the_server()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(2);
        var before = await cloud.GetAsync("global/instanceTemplates/primecalc");
        await cloud.RestartAsync();
        var after = await cloud.GetAsync("global/instanceTemplates/primecalc");
        Assert.Equal((before.Text("id"), before.Text("creationTimestamp")), (after.Text("id"), after.Text("creationTimestamp")));
        Assert.Equal(2, (await cloud.GetAsync("zones/us-west1-b/instances")).Objects("items").Count());
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_server_that_is_ready_again_lets_the_host_reach_the_machines_at_once(MachineInit init)
    {
        await using var cloud = await TestCloud.StartAsync(o => o with { Machines = MachineMode.Namespaces, Init = init });
        await cloud.DoAsync("POST", "global/firewalls", """{"name":"web","sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}]}""");
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", """
            {"name":"web","machineType":"zones/us-west1-b/machineTypes/e2-medium",
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "networkInterfaces":[{"network":"global/networks/default","accessConfigs":[{"type":"ONE_TO_ONE_NAT"}]}],
             "metadata":{"items":[{"key":"startup-script","value":"cd /var && python3 -m http.server 80 & until curl -s -o /dev/null http://localhost; do :; done; echo serving > /dev/ttyS0"}]}}
            """);
        await cloud.UntilAsync("zones/us-west1-b/instances/web/serialPort", output => output.Text("contents")!.Contains("serving", StringComparison.Ordinal));
        var nic = (await cloud.GetAsync("zones/us-west1-b/instances/web")).Objects("networkInterfaces").Single();
        var page = new Uri($"http://{nic.Objects("accessConfigs").Single().Text("natIP")}/");

        await cloud.RestartAsync();

        using var http = new HttpClient();
        Assert.Contains("Directory listing", await http.GetStringAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_directory_has_one_server_and_the_second_is_told_which()
    {
        await using var cloud = await TestCloud.StartAsync();
        var refused = await Assert.ThrowsAsync<LocalCloudStartException>(() => LocalCloudServer.StartAsync(cloud.Server.Options));
        Assert.Contains($"is in use by the local cloud with process id {Environment.ProcessId} at {cloud.Server.Endpoint.ToString().TrimEnd('/')}.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machines_with_systemd_that_cannot_be_had_are_refused_with_the_reason()
    {
        var options = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-test-").FullName) { Machines = MachineMode.None, Init = MachineInit.Systemd };
        var refused = await Assert.ThrowsAsync<LocalCloudStartException>(() => LocalCloudServer.StartAsync(options));
        Assert.Equal(
            "Machines cannot boot with systemd: Machines are switched off by --machines none; start the local cloud with --machines namespaces to have real ones. Or start the local cloud with --init light.",
            refused.Message);
        Directory.Delete(options.StateDirectory, recursive: true);
    }

    [Fact]
    public async Task A_port_that_is_taken_by_another_local_cloud_is_said_to_be()
    {
        await using var cloud = await TestCloud.StartAsync();
        var other = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-test-").FullName) { Port = cloud.Server.Endpoint.Port, Machines = MachineMode.None };
        var refused = await Assert.ThrowsAsync<LocalCloudStartException>(() => LocalCloudServer.StartAsync(other));
        Assert.Equal(
            $"Port {other.Port} is taken by the local cloud of {cloud.Server.Options.StateDirectory} (process id {Environment.ProcessId}). Use that one, stop it, or choose another port with --port.",
            refused.Message);
        Directory.Delete(other.StateDirectory, recursive: true);
    }

    [Theory]
    [InlineData("letter.txt", "")]
    [InlineData("lock", "letter.txt")]
    public async Task A_directory_with_someone_elses_files_is_refused_and_left_alone(string first, string second)
    {
        var options = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-test-").FullName) { Machines = MachineMode.None };
        foreach (var file in (string[])[first, second])
            if (file.Length > 0)
                await File.WriteAllTextAsync(Path.Combine(options.StateDirectory, file), "dear");

        var refused = await Assert.ThrowsAsync<LocalCloudStartException>(() => LocalCloudServer.StartAsync(options));

        Assert.Contains("'letter.txt'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--state", refused.Message, StringComparison.Ordinal);
        Assert.Equal("dear", await File.ReadAllTextAsync(Path.Combine(options.StateDirectory, "letter.txt")));
        Directory.Delete(options.StateDirectory, recursive: true);
    }

    [Fact]
    public async Task A_damaged_state_is_told_in_words()
    {
        var options = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-test-").FullName) { Machines = MachineMode.None };
        await File.WriteAllTextAsync(Path.Combine(options.StateDirectory, "documents.jsonl"), "not json\n");

        var refused = await Assert.ThrowsAsync<LocalCloudStartException>(() => LocalCloudServer.StartAsync(options));

        Assert.Contains("documents.jsonl is damaged", refused.Message, StringComparison.Ordinal);
        Directory.Delete(options.StateDirectory, recursive: true);
    }

    [Fact]
    public async Task It_says_what_it_is_and_stops_when_asked()
    {
        await using var cloud = await TestCloud.StartAsync();
        var status = await cloud.GetAsync("/localcloud/status");
        Assert.Equal((Environment.ProcessId, cloud.Server.Options.StateDirectory, "simulated"), (status.Integer("pid"), status.Text("stateDirectory"), status.Text("machines")));
        Assert.Contains("--machines none", status.Text("whyNot"), StringComparison.Ordinal);
        Assert.Null(status["init"]); // Nothing boots.
        await cloud.SendAsync("POST", "/localcloud/shutdown");
        await cloud.Server.StopRequested.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [SystemdFact]
    public async Task It_says_what_machines_boot_with()
    {
        await using var cloud = await TestCloud.StartAsync(options => options with { Machines = MachineMode.Namespaces, Init = MachineInit.Systemd });

        Assert.Equal("systemd", (await cloud.GetAsync("/localcloud/status")).Text("init"));
        await cloud.RestartAsync(options => options with { Init = MachineInit.Light });
        Assert.Equal("light", (await cloud.GetAsync("/localcloud/status")).Text("init"));
    }

    [Fact]
    public async Task A_purged_local_cloud_leaves_nothing()
    {
        var options = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-test-").FullName) { Machines = MachineMode.None };
        await using (var server = await LocalCloudServer.StartAsync(options))
        {
            using var http = new HttpClient();
            using var answer = await http.PostAsync(new Uri(server.Endpoint, "/localcloud/shutdown?purge=true"), null);
            Assert.True(answer.IsSuccessStatusCode);
            await server.StopRequested.WaitAsync(TimeSpan.FromMinutes(1));
        }
        Assert.False(Directory.Exists(options.StateDirectory));
    }
}
