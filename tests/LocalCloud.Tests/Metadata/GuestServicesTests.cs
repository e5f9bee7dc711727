using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Metadata;
using PrimeDeploy.LocalCloud.Storage;
using PrimeDeploy.LocalCloud.Tests.Machines;
using PrimeDeploy.LocalCloud.Tests.Storage;

namespace PrimeDeploy.LocalCloud.Tests.Metadata;

/// <summary>Google's side of a real network, as a real machine on it uses it.</summary>
public sealed class GuestServicesTests : IAsyncLifetime
{
    private const string NetworkId = "net1";
    private const string Token = "curl -s -H Metadata-Flavor:Google metadata/computeMetadata/v1/instance/service-accounts/default/token | sed 's/.*token\":\"\\([^\"]*\\).*/\\1/'";
    private static readonly ResourceName Network = new("lab-project", "global", "networks", "default");
    private static readonly ResourceName Instance = new("lab-project", "zones/us-west1-b", "instances", "backend-x1");
    private static readonly MachinePort Port = new("vm2", IPAddress.Parse("10.138.0.2"), GoogleAccess: true, []);

    private readonly string _state = Directory.CreateTempSubdirectory("guest-services-").FullName;
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(1));
    private readonly DocumentStore _documents = new();
    private IMachineHost _host = null!;
    private StorageApi _storage = null!;
    private GuestServices _services = null!;

    public async Task InitializeAsync()
    {
        _host = await MachineHost.OpenAsync(_state, MachineMode.Namespaces, MachineInit.Light, TimeProvider.System, _deadline.Token);
        _storage = new(Path.Combine(_state, "storage"), TimeProvider.System);
        _services = Open();
        _documents.TryInsert(Instance, new()
        {
            ["id"] = "6543210987654321098",
            ["metadata"] = new JsonObject { ["items"] = Guests.Items(("startup-script-url", "gs://tools/dir/hello.sh")) },
            ["networkInterfaces"] = new JsonArray(new JsonObject { ["network"] = Network.Link, ["networkIP"] = Port.Address.ToString() }),
            ["serviceAccounts"] = new JsonArray(new JsonObject { ["email"] = "default", ["scopes"] = new JsonArray(Guests.ReadScope) }),
        });
        await using var outside = await StorageServer.StartAsync(_storage);
        await outside.MakeBucketAsync("tools");
        await outside.UploadAsync("tools", "dir/hello.sh", "#!/bin/bash\necho hello from the bucket\n"u8.ToArray());
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _storage.DisposeAsync();
        await _host.PurgeAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _deadline.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [NamespacesFact]
    public async Task A_machine_runs_the_script_that_it_fetches_from_its_bucket_and_a_new_server_goes_on_serving_it()
    {
        var machine = await BootAsync();
        await WaitForSerialAsync(machine, "startup-script-url: hello from the bucket");
        var fetch = $"curl -sS -m 5 -H \"Authorization: Bearer $(cat /root/token)\" https://storage.googleapis.com/tools/dir/hello.sh";
        await RunAsync(machine, $"{Token} > /root/token");

        await _services.DisposeAsync();
        _services = Open();
        await _services.AttachAsync(Network, NetworkId, _deadline.Token);

        Assert.Equal("#!/bin/bash\necho hello from the bucket\n", await RunAsync(machine, fetch));
        Assert.Contains("Anonymous caller", await RunAsync(machine, "curl -sS -m 5 https://storage.googleapis.com/tools/dir/hello.sh"), StringComparison.Ordinal);
    }

    [NamespacesFact]
    public async Task Without_private_access_the_bucket_is_out_of_reach_but_not_the_metadata()
    {
        var machine = await BootAsync(googleAccess: false);

        Assert.Equal("backend-x1", await RunAsync(machine, "curl -s -m 5 -H Metadata-Flavor:Google metadata.google.internal/computeMetadata/v1/instance/name"));
        Assert.Contains("curl: (28)", await RunAsync(machine, "curl -sS -m 1 https://storage.googleapis.com/tools/dir/hello.sh"), StringComparison.Ordinal);
    }

    private GuestServices Open() => new(_host, _documents, _storage, Path.Combine(_state, "guests"), TimeProvider.System);

    private async Task<IMachine> BootAsync(bool googleAccess = true)
    {
        var gateway = IPAddress.Parse("10.138.0.1");
        await _host.ApplyNetworkAsync(new(NetworkId, [gateway], [Port with { GoogleAccess = googleAccess }], [], []), _deadline.Token);
        await _services.AttachAsync(Network, NetworkId, _deadline.Token);
        return await _host.BootAsync(
            new(Port.MachineId, Instance.Id, "us-west1-b.c.lab-project.internal", NetworkId, Port.Address, gateway, _services.CertificateAuthority), _deadline.Token);
    }

    private async Task<string> RunAsync(IMachine machine, string script)
    {
        var result = await machine.RunAsync(["/bin/bash", "-c", script], _deadline.Token);
        return result.Output + result.Error;
    }

    private async Task WaitForSerialAsync(IMachine machine, string text)
    {
        while (machine.ReadSerial(0).Contents is var serial && !serial.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_deadline.IsCancellationRequested, $"\"{text}\" did not appear on the serial port:\n{serial}");
            await Task.Delay(10);
        }
    }
}
