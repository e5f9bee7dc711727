using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

/// <summary>Opens connections of this process from inside the machines' network: from a machine that is made for it, because those of a deployment come and go.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Inside : IAsyncDisposable
{
    private const string Name = "client";

    private readonly HttpClient _http;
    private readonly NetworkNamespace _network;

    private Inside(HttpClient http, NetworkNamespace network) => (_http, _network) = (http, network);

    /// <param name="cloud">The local cloud.</param>
    /// <param name="project">Whose default network it is.</param>
    public static async Task<Inside> OfAsync(Uri cloud, string project)
    {
        var http = new HttpClient { BaseAddress = new Uri(cloud, $"compute/v1/projects/{project}/zones/us-west1-b/") };
        using var inserted = await http.PostAsJsonAsync("instances", new
        {
            name = Name,
            machineType = "zones/us-west1-b/machineTypes/e2-medium",
            disks = new[] { new { boot = true, autoDelete = true, initializeParams = new { sourceImage = "projects/debian-cloud/global/images/family/debian-12" } } },
            networkInterfaces = new[] { new { network = "global/networks/default" } },
        });
        await DoneAsync(http, inserted);
        return new(http, await NetworkAsync(http));
    }

    public Socket Open() => _network.Visit(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    public async ValueTask DisposeAsync()
    {
        _network.Dispose();
        using (var deleted = await _http.DeleteAsync($"instances/{Name}"))
            await DoneAsync(_http, deleted);
        _http.Dispose();
    }

    private static async Task DoneAsync(HttpClient http, HttpResponseMessage answer)
    {
        var operation = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        using var waited = await http.PostAsync($"operations/{operation.GetProperty("name")}/wait", null);
        waited.EnsureSuccessStatusCode();
    }

    /// <summary>Found by the number of its namespace, which is the same inside and outside.</summary>
    private static async Task<NetworkNamespace> NetworkAsync(HttpClient http)
    {
        var way = await http.GetFromJsonAsync<JsonElement>(new Uri(http.BaseAddress!, $"/localcloud/machines/{Name}"));
        var command = way.GetProperty("command").EnumerateArray().Select(word => word.GetString()!).ToList();
        using var inside = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "readlink", "/proc/self/ns/net"])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        var name = (await inside.StandardOutput.ReadToEndAsync()).Trim();
        return NetworkNamespace.Open(Directory.EnumerateDirectories("/proc").Select(process => Path.Combine(process, "ns/net")).First(file => Names(file, name)));
    }

    private static bool Names(string file, string name)
    {
        try
        {
            return new FileInfo(file).LinkTarget == name;
        }
        catch (IOException)
        {
            return false; // It ended meanwhile.
        }
    }
}
