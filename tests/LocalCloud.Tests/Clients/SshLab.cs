using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>A local cloud with the machine <c>web</c>, which this host's <c>ssh</c> connects to by its external address.</summary>
internal sealed class SshLab : IAsyncDisposable
{
    private const string Instance = "zones/us-west1-b/instances/web";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private SshLab(TestCloud cloud) => (Cloud, Folder) = (cloud, Directory.CreateDirectory(Path.Combine(cloud.Server.Options.StateDirectory, "ssh")).FullName);

    public TestCloud Cloud { get; }

    public string Folder { get; }

    public string Address { get; private set; } = "";

    /// <param name="init">What the machine boots with.</param>
    /// <param name="metadata">Its metadata, key and value in turns.</param>
    public static async Task<SshLab> StartAsync(MachineInit init, params string[] metadata)
    {
        var lab = new SshLab(await TestCloud.StartAsync(o => o with { Machines = MachineMode.Namespaces, Init = init }));
        await lab.Cloud.DoAsync("POST", "zones/us-west1-b/instances", $$$"""
            {"name":"web","machineType":"zones/us-west1-b/machineTypes/e2-medium","metadata":{{{Metadata(metadata)}}},
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "networkInterfaces":[{"network":"global/networks/default","accessConfigs":[{"type":"ONE_TO_ONE_NAT"}]}]}
            """);
        lab.Address = (await lab.Cloud.GetAsync(Instance)).Objects("networkInterfaces").Single().Objects("accessConfigs").Single().Text("natIP")!;
        return lab;
    }

    /// <summary>Makes a key pair.</summary>
    /// <returns>The public key, as metadata has it after the user's name.</returns>
    public async Task<string> MakeKeyAsync(string key)
    {
        await new ClientProgram(ClientProgram.Find("ssh-keygen")!, new Dictionary<string, string>(), Folder).RunAsync("-q", "-t", "ed25519", "-N", "", "-C", key, "-f", key);
        return (await File.ReadAllTextAsync(Path.Combine(Folder, key + ".pub"))).Trim();
    }

    public Task SetProjectMetadataAsync(params string[] items) => Cloud.DoAsync("POST", "setCommonInstanceMetadata", Metadata(items));

    public Task SetInstanceMetadataAsync(params string[] items) => Cloud.DoAsync("POST", $"{Instance}/setMetadata", Metadata(items));

    /// <summary>Logs in and runs a command. The machine's host keys have to be those of <c>known_hosts</c>; without the file, the first ones are believed, as gcloud does.</summary>
    public Task<(int ExitCode, string Output, string Error)> TryAsync(string key, string user, string command) =>
        new ClientProgram(ClientProgram.Find("ssh")!, new Dictionary<string, string>(), Folder).TryAsync(
            "-F", "none", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "UserKnownHostsFile=known_hosts", "-o", "GlobalKnownHostsFile=none",
            "-o", $"StrictHostKeyChecking={(File.Exists(Path.Combine(Folder, "known_hosts")) ? "yes" : "no")}", $"{user}@{Address}", command);

    /// <summary>Logs in, as soon as something listens there, and fails the test when the command fails.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string key, string user, string command)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var (exitCode, output, error) = await TryAsync(key, user, command);
            if (exitCode == 0)
                return output.TrimEnd();
            Assert.True(error.Contains("reset by peer", StringComparison.Ordinal) && !limit.IsCancellationRequested, $"{user}: {command}\nended with {exitCode}:\n{output}\n{error}");
            await Task.Delay(50);
        }
    }

    /// <summary>Expects that the machine answers, and that the user does not get in.</summary>
    public async Task RefusedAsync(string key, string user)
    {
        var (exitCode, output, error) = await TryAsync(key, user, "echo in");
        Assert.Equal((255, ""), (exitCode, output));
        Assert.Contains("Permission denied (publickey).", error, StringComparison.Ordinal);
    }

    /// <summary>The machine's two host keys, as soon as it shows them, each as a line of <c>known_hosts</c>.</summary>
    public async Task<IReadOnlyList<string>> HostKeysAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var (status, attributes) = await Cloud.SendAsync("GET", $"{Instance}/getGuestAttributes?queryPath=hostkeys/");
            if (status == HttpStatusCode.OK && attributes.Object("queryValue")!.Objects("items").ToList() is [var one, var other])
                return [.. new[] { one, other }.Select(item => $"{Address} {item.Text("key")} {item.Text("value")}")];
            if (status != HttpStatusCode.OK)
                Assert.Equal("The resource 'hostkeys/' of type 'Guest Attribute' was not found.", attributes.Object("error")!.Text("message"));
            await Task.Delay(50, limit.Token);
        }
    }

    public Task<string> UntilSerialAsync(string text) => UntilSerialAsync(text, () => Task.Delay(50));

    /// <summary>Does something again and again until the serial port has a text.</summary>
    public async Task<string> UntilSerialAsync(string text, Func<Task> meanwhile)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var serial = (await Cloud.GetAsync($"{Instance}/serialPort")).Text("contents")!;
            if (serial.Contains(text, StringComparison.Ordinal))
                return serial;
            Assert.False(limit.IsCancellationRequested, $"\"{text}\" did not come:\n{serial}");
            await meanwhile();
        }
    }

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();

    private static string Metadata(string[] items) => new JsonObject
    {
        ["items"] = new JsonArray([.. items.Chunk(2).Select(item => new JsonObject { ["key"] = item[0], ["value"] = item[1] })]),
    }.ToJsonString();
}
