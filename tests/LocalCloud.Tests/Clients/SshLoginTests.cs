using System.Globalization;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>Logins with keys from metadata, by this host's <c>ssh</c> and its <c>sshd</c> on the machine.</summary>
public sealed class SshLoginTests
{
    [Theory, WithInit(MachineInit.Light, "ssh", "sshd"), WithInit(MachineInit.Systemd, "ssh", "sshd")]
    public async Task Only_keys_that_are_in_metadata_now_let_in_and_their_users_may_be_root(MachineInit init)
    {
        await using var lab = await SshLab.StartAsync(init);
        var (one, other) = (await lab.MakeKeyAsync("one"), await lab.MakeKeyAsync("other"));
        await lab.SetProjectMetadataAsync("ssh-keys", $"ann:{one}\nroot:{one}");

        Assert.Equal("ann root /home/ann", await lab.RunAsync("one", "ann", "echo $(id -un) $(sudo id -un) $PWD"));
        Assert.Equal("root", await lab.RunAsync("one", "root", "id -un"));
        await lab.RefusedAsync("other", "ann");
        await lab.RefusedAsync("other", "nobody-there");
        Assert.Equal("", await lab.RunAsync("one", "ann", "diff <(sudo grep Cap /proc/self/status) <(grep Cap /proc/1/status)"));

        // The machine's own keys stay the user's affair; being root goes with the key in metadata.
        await lab.RunAsync("one", "ann", $"mkdir -m 700 .ssh; echo '{other}' >.ssh/authorized_keys");
        await lab.SetInstanceMetadataAsync("ssh-keys", $"bob:{one}", "block-project-ssh-keys", "TRUE");
        await lab.RefusedAsync("one", "ann");
        Assert.Equal("bob", await lab.RunAsync("one", "bob", "id -un"));
        Assert.Equal("no", await lab.RunAsync("other", "ann", "sudo id -un 2>/dev/null || echo no"));

        await lab.SetInstanceMetadataAsync();
        await lab.RefusedAsync("one", "bob");
        Assert.Equal("ann", await lab.RunAsync("one", "ann", "id -un"));
    }

    [Theory, WithInit(MachineInit.Light, "ssh", "sshd")]
    public async Task Keys_that_have_expired_or_do_not_say_when_let_nobody_in_and_with_OS_Login_none_does(MachineInit init)
    {
        await using var lab = await SshLab.StartAsync(init);
        var key = await lab.MakeKeyAsync("key");
        string Until(string user, DateTimeOffset end) =>
            $$"""{{user}}:{{key.Replace(" key", "", StringComparison.Ordinal)}} google-ssh {"userName":"{{user}}@example.com","expireOn":"{{end.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}}+0000"}""";
        await lab.SetProjectMetadataAsync("ssh-keys", string.Join('\n',
            Until("soon", DateTimeOffset.UtcNow.AddHours(1)), Until("over", DateTimeOffset.UtcNow.AddHours(-1)), $"never:{key} google-ssh {{}}", "no line of a key"));

        Assert.Equal("soon", await lab.RunAsync("key", "soon", "id -un"));
        await lab.RefusedAsync("key", "over");
        await lab.RefusedAsync("key", "never");

        await lab.SetInstanceMetadataAsync("enable-oslogin", "TRUE");
        await lab.RefusedAsync("key", "soon");
        await lab.UntilSerialAsync("the local cloud has no OS Login");
    }

    [Theory, WithInit(MachineInit.Light, "ssh", "sshd")]
    public async Task A_firewall_that_says_no_to_port_22_breaks_the_connection(MachineInit init)
    {
        await using var lab = await SshLab.StartAsync(init);
        await lab.SetProjectMetadataAsync("ssh-keys", $"ann:{await lab.MakeKeyAsync("key")}");
        Assert.Equal("ann", await lab.RunAsync("key", "ann", "id -un"));

        await lab.Cloud.DoAsync("POST", "global/firewalls", """{"name":"no-ssh","network":"global/networks/default","priority":10,"denied":[{"IPProtocol":"tcp","ports":["22"]}]}""");

        var (exitCode, _, error) = await lab.TryAsync("key", "ann", "id -un");
        Assert.Equal(255, exitCode);
        Assert.Contains("reset by peer", error, StringComparison.Ordinal);
    }

    [Theory, WithInit(MachineInit.Light, "ssh", "sshd"), WithInit(MachineInit.Systemd, "ssh", "sshd")]
    public async Task Host_keys_are_in_the_guest_attributes_before_anyone_connects_and_the_machine_keeps_them(MachineInit init)
    {
        await using var lab = await SshLab.StartAsync(init, "enable-guest-attributes", "TRUE");
        await lab.SetProjectMetadataAsync("ssh-keys", $"ann:{await lab.MakeKeyAsync("key")}");
        var hostKeys = await lab.HostKeysAsync();
        await File.WriteAllLinesAsync(Path.Combine(lab.Folder, "known_hosts"), hostKeys);

        var boot = await lab.RunAsync("key", "ann", "cut -d ' ' -f 22 /proc/1/stat");
        await lab.Cloud.DoAsync("POST", "zones/us-west1-b/instances/web/reset");
        Assert.NotEqual(boot, await lab.RunAsync("key", "ann", "cut -d ' ' -f 22 /proc/1/stat"));
        Assert.Equal(hostKeys, await lab.HostKeysAsync());
    }

    [Theory, WithInit(MachineInit.Light, "ssh"), WithInit(MachineInit.Systemd, "ssh")]
    public async Task Without_a_server_on_this_host_the_connection_ends_and_the_serial_port_says_what_to_install(MachineInit init)
    {
        // The machine's own disk is then as it would be over such a host.
        await using var lab = await SshLab.StartAsync(init, "startup-script", "rm -f /usr/sbin/sshd; echo gone");
        await lab.MakeKeyAsync("key");
        await lab.UntilSerialAsync("startup-script: gone");

        await lab.UntilSerialAsync("apt-get install openssh-server", async () => Assert.Equal(255, (await lab.TryAsync("key", "ann", "id -un")).ExitCode));
    }
}
