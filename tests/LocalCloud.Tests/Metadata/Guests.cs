using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Metadata;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Tests.Metadata;

/// <summary>A network with two machines, and what Google's side of it offers them.</summary>
internal sealed class Guests : IAsyncDisposable
{
    public const string ReadScope = "https://www.googleapis.com/auth/devstorage.read_only";
    public static readonly ResourceName Network = new("lab-project", "global", "networks", "default");
    public static readonly ResourceName Backend = new("lab-project", "zones/us-west1-b", "instances", "backend-x1");
    public static readonly ResourceName Frontend = new("lab-project", "zones/us-west1-b", "instances", "frontend");

    private readonly string _directory;
    private readonly LoopbackNetwork _network = new();
    private readonly GuestServices _services;

    private Guests(string directory, DocumentStore documents, TimeProvider time)
    {
        (_directory, Documents) = (directory, documents);
        Storage = new(Path.Combine(directory, "storage"), time);
        _services = new(_network, documents, Storage, Path.Combine(directory, "guest"), time);
    }

    public DocumentStore Documents { get; }

    public StorageApi Storage { get; }

    public GuestServices Services => _services;

    public static async Task<Guests> StartAsync(TimeProvider? time = null, string? directory = null)
    {
        var documents = new DocumentStore();
        documents.TryInsert(Network, new() { ["name"] = "default" });
        documents.TryInsert(new("lab-project", "regions/us-west1", "subnetworks", "default"), new() { ["ipCidrRange"] = "127.77.0.0/20" });
        documents.TryInsert(ResourceName.OfProject("lab-project"), new() { ["commonInstanceMetadata"] = new JsonObject { ["items"] = Items(("team", "lab")) } });
        documents.TryInsert(Backend, Instance("6543210987654321098", "127.77.0.2", null, ReadScope));
        documents.TryInsert(Frontend, Instance("1234567890123456789", "127.77.0.3", "127.78.0.1", "https://www.googleapis.com/auth/cloud-platform"));

        var guests = new Guests(directory ?? Directory.CreateTempSubdirectory("guests-").FullName, documents, time ?? TimeProvider.System);
        await guests._services.AttachAsync(Network, "n1", CancellationToken.None);
        return guests;
    }

    /// <summary>The metadata server as one of the machines sees it.</summary>
    public HttpClient Metadata(string address = "127.77.0.2")
    {
        var client = new HttpClient(_network.ClientFrom(address)) { BaseAddress = new("http://169.254.169.254/computeMetadata/v1/") };
        client.DefaultRequestHeaders.Add("Metadata-Flavor", "Google");
        return client;
    }

    /// <summary>Google's hosts as one of the machines sees them, trusting what machines trust.</summary>
    public HttpClient Google(string address = "127.77.0.2", string? trusting = null) =>
        new(_network.ClientFrom(address, SslOptions.Trusting(trusting ?? _services.CertificateAuthority))) { BaseAddress = new("https://storage.googleapis.com/") };

    public async Task<string> TokenAsync(string address = "127.77.0.2")
    {
        using var metadata = Metadata(address);
        return (string)JsonNode.Parse(await metadata.GetStringAsync("instance/service-accounts/default/token"))!["access_token"]!;
    }

    public async Task<Guests> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(directory: _directory);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public static JsonArray Items(params (string Key, string Value)[] items) =>
        [.. items.Select(i => new JsonObject { ["key"] = i.Key, ["value"] = i.Value })];

    private async Task StopAsync()
    {
        await _services.DisposeAsync();
        await Storage.DisposeAsync();
    }

    private static JsonObject Instance(string id, string ip, string? externalIp, string scope) => new()
    {
        ["id"] = id,
        ["machineType"] = "https://www.googleapis.com/compute/v1/projects/lab-project/zones/us-west1-b/machineTypes/e2-medium",
        ["metadata"] = new JsonObject { ["items"] = Items(("startup-script", "#! /bin/bash\necho hi\n"), ("role", "backend")) },
        ["tags"] = new JsonObject { ["items"] = new JsonArray("backend") },
        ["networkInterfaces"] = new JsonArray(new JsonObject
        {
            ["network"] = Network.Link,
            ["subnetwork"] = new ResourceName("lab-project", "regions/us-west1", "subnetworks", "default").Link,
            ["networkIP"] = ip,
            ["accessConfigs"] = externalIp is null ? [] : new JsonArray(new JsonObject { ["natIP"] = externalIp, ["type"] = "ONE_TO_ONE_NAT" }),
        }),
        ["serviceAccounts"] = new JsonArray(new JsonObject { ["email"] = "default", ["scopes"] = new JsonArray(scope) }),
    };
}
