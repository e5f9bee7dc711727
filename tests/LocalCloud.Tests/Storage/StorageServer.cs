using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

/// <summary>The storage API alone, on a loopback port and in a folder of its own.</summary>
internal sealed class StorageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StorageApi _api;

    private StorageServer(string directory, WebApplication app, StorageApi api) => (Directory, _app, _api) = (directory, app, api);

    public string Directory { get; }

    public HttpClient Http { get; private set; } = null!;

    public static async Task<StorageServer> StartAsync(string? directory = null, TimeProvider? time = null)
    {
        directory ??= System.IO.Directory.CreateTempSubdirectory("storage-").FullName;
        var api = new StorageApi(directory, time ?? TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(api.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(directory, app, api) { Http = new() { BaseAddress = new(address) } };
    }

    /// <summary>Stops and starts again on the same folder, as after a crash: nothing is asked to save anything.</summary>
    public async Task<StorageServer> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(Directory);
    }

    public async Task MakeBucketAsync(string name) =>
        (await Http.PostAsync("/storage/v1/b?project=p", Json(new() { ["name"] = name }))).EnsureSuccessStatusCode();

    public async Task<JsonObject> UploadAsync(string bucket, string name, byte[] content, string query = "")
    {
        using var answer = await Http.PostAsync($"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={Uri.EscapeDataString(name)}{query}", new ByteArrayContent(content));
        return await ReadAsync(answer.EnsureSuccessStatusCode());
    }

    public async Task<JsonObject> GetAsync(string path) => await ReadAsync((await Http.GetAsync(path)).EnsureSuccessStatusCode());

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();

    public static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _api.DisposeAsync();
    }
}
