using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

public sealed class GcloudSshTests
{
    [Theory, WithInit(MachineInit.Light, "gcloud", "ssh", "sshd"), WithInit(MachineInit.Systemd, "gcloud", "ssh", "sshd")]
    public async Task Gcloud_runs_commands_on_a_machine_and_copies_files_to_it_and_back(MachineInit init)
    {
        await using var cloud = await TestCloud.StartAsync(options => options with { Machines = MachineMode.Namespaces, Init = init });
        var gcloud = Gcloud.For(cloud);
        await gcloud.RunAsync("compute", "instances", "create", "web", "--zone", "us-west1-b", "--metadata", "enable-guest-attributes=TRUE");

        // The first time makes a key, puts it into the project's metadata, and waits until it works.
        var first = await gcloud.RunAsync("compute", "ssh", "web", "--zone", "us-west1-b", "--command", "echo $(id -un) on $(hostname)");
        Assert.EndsWith($"{Environment.UserName} on web\n", first, StringComparison.Ordinal);
        var (exitCode, output, error) = await gcloud.TryAsync("compute", "ssh", "ann@web", "--zone", "us-west1-b", "--command", "sudo id -un; exit 7");
        Assert.True((exitCode, output) == (7, "root\n"), $"{exitCode}: {output}{error}");
        Assert.Contains("Existing host keys found", error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(gcloud.Folder, "there.txt"), "there and back");
        await gcloud.RunAsync("compute", "scp", "there.txt", "ann@web:~/copy.txt", "--zone", "us-west1-b");
        await gcloud.RunAsync("compute", "scp", "ann@web:copy.txt", "back.txt", "--zone", "us-west1-b");
        Assert.Equal("there and back", await File.ReadAllTextAsync(Path.Combine(gcloud.Folder, "back.txt")));
    }
}
