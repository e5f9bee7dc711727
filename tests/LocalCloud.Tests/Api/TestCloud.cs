using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Tests.Api;

/// <summary>A whole local cloud with simulated machines and a state directory of its own, and a client that speaks plain HTTP to it.</summary>
internal sealed class TestCloud : IAsyncDisposable
{
    private const string Project = "test-project";

    private TestCloud(LocalCloudServer server) => Server = server;

    public LocalCloudServer Server { get; private set; }

    public HttpClient Http { get; } = new();

    /// <summary>What links start with.</summary>
    public string Base => $"{Server.Endpoint}compute/v1/projects/{Project}/";

    public static async Task<TestCloud> StartAsync(Func<LocalCloudOptions, LocalCloudOptions>? change = null)
    {
        var options = new LocalCloudOptions(Directory.CreateTempSubdirectory("local-cloud-test-").FullName) { Machines = MachineMode.None };
        return new TestCloud(await LocalCloudServer.StartAsync(change?.Invoke(options) ?? options));
    }

    /// <summary>Ends the server and starts another one on its state.</summary>
    public async Task RestartAsync(Func<LocalCloudOptions, LocalCloudOptions>? change = null)
    {
        var options = Server.Options;
        await Server.DisposeAsync();
        Server = await LocalCloudServer.StartAsync(change?.Invoke(options) ?? options);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server.Options.Machines == MachineMode.Namespaces)
            await SendAsync("POST", $"{Server.Endpoint}localcloud/shutdown?purge=true"); // Machines and networks outlive a server that is only stopped.
        Http.Dispose();
        await Server.DisposeAsync();
        if (Directory.Exists(Server.Options.StateDirectory))
            Directory.Delete(Server.Options.StateDirectory, recursive: true);
    }

    /// <param name="path">Below the project, or absolute.</param>
    public async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(new Uri(Base), path));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        var (status, body) = await SendAsync("GET", path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {body}");
        return body;
    }

    /// <summary>Sends a mutation and waits for its operation.</summary>
    /// <returns>The finished operation.</returns>
    public async Task<JsonObject> DoAsync(string method, string path, string? json = null)
    {
        var (status, operation) = await SendAsync(method, path, json);
        Assert.True(status == HttpStatusCode.OK, $"{method} {path}: {status} {operation}");
        while (operation.Text("status") != "DONE")
            operation = (await SendAsync("POST", operation.Text("selfLink") + "/wait")).Body;
        Assert.True(operation["error"] is null, operation.ToString());
        return operation;
    }

    /// <summary>Sends a mutation that has to be refused.</summary>
    /// <returns>The messages of the error, in order.</returns>
    public async Task<string[]> RefusedAsync(int status, string reason, string method, string path, string? json = null)
    {
        var (actual, body) = await SendAsync(method, path, json);
        Assert.True((int)actual == status, $"{method} {path}: {actual} {body}");
        var error = body.Object("error")!;
        Assert.Equal(status, error.Integer("code"));
        Assert.Contains(reason, error.Objects("errors").Select(e => e.Text("reason")));
        return [.. error.Objects("errors").Select(e => e.Text("message")!)];
    }

    /// <summary>A template with everything that an instance needs.</summary>
    public Task AddTemplateAsync(string name = "primecalc", string network = "global/networks/default") => DoAsync("POST", "global/instanceTemplates",
        $$$"""
        {"name":"{{{name}}}","properties":{"machineType":"e2-medium","tags":{"items":["backend"]},
         "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
         "metadata":{"items":[{"key":"startup-script","value":"echo hello"}]},
         "networkInterfaces":[{"network":"{{{network}}}"}],"serviceAccounts":[{"email":"default","scopes":["https://www.googleapis.com/auth/devstorage.read_only"]}]}}
        """);

    public async Task AddGroupAsync(int size)
    {
        await AddTemplateAsync();
        await DoAsync("POST", "zones/us-west1-b/instanceGroupManagers", $$"""{"name":"backend","targetSize":{{size}},"instanceTemplate":"{{Base}}global/instanceTemplates/primecalc"}""");
    }

    /// <summary>Asks again until the answer is as wanted; there is nothing to wait on from outside, as with the real service.</summary>
    public async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var body = await GetAsync(path);
            if (condition(body))
                return body;
            await Task.Delay(10, limit.Token);
        }
    }
}
