using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
/// <summary>Opens connections of this process from inside a machine's network.</summary>
internal sealed class Inside : IDisposable
{
    private readonly NetworkNamespace _network;

    private Inside(NetworkNamespace network) => _network = network;

    /// <summary>Of a machine that is made for it: those of the deployment come and go.</summary>
    public static async Task<Inside> NewMachineAsync(Uri cloud, string project, string name)
    {
        using var http = new HttpClient { BaseAddress = cloud };
        var zone = $"compute/v1/projects/{project}/zones/us-west1-b/";
        using var inserted = await http.PostAsJsonAsync(zone + "instances", new
        {
            name,
            machineType = "zones/us-west1-b/machineTypes/e2-medium",
            disks = new[] { new { boot = true, autoDelete = true, initializeParams = new { sourceImage = "projects/debian-cloud/global/images/family/debian-12" } } },
            networkInterfaces = new[] { new { network = "global/networks/default" } },
        });
        var operation = await inserted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        using var waited = await http.PostAsync($"{zone}operations/{operation.GetProperty("name")}/wait", null);
        waited.EnsureSuccessStatusCode();
        return await OfAsync(cloud, name);
    }

    private static async Task<Inside> OfAsync(Uri cloud, string instance)
    {
        using var http = new HttpClient { BaseAddress = cloud };
        var way = await http.GetFromJsonAsync<JsonElement>($"localcloud/machines/{instance}");
        var command = way.GetProperty("command").EnumerateArray().Select(word => word.GetString()!).ToList();
        var process = command[command.IndexOf("--target") + 1];
        return new(NetworkNamespace.Open($"/proc/{process}/ns/net"));
    }

    public Socket Open() => _network.Visit(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    public void Dispose() => _network.Dispose();
}
