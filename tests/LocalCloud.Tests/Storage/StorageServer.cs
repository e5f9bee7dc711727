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
    private readonly StorageApi? _owned;

    private StorageServer(string directory, WebApplication app, StorageApi? owned) => (Directory, _app, _owned) = (directory, app, owned);

    public string Directory { get; }

    public HttpClient Http { get; private set; } = null!;

    public static async Task<StorageServer> StartAsync(string? directory = null)
    {
        directory ??= System.IO.Directory.CreateTempSubdirectory("storage-").FullName;
        return await StartAsync(directory, new(directory, TimeProvider.System), owns: true);
    }

    /// <summary>The host's endpoint of a storage API that belongs to someone else.</summary>
    public static Task<StorageServer> StartAsync(StorageApi api) => StartAsync("", api, owns: false);

    private static async Task<StorageServer> StartAsync(string directory, StorageApi api, bool owns)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(api.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(directory, app, owns ? api : null) { Http = new() { BaseAddress = new(address) } };
    }

    /// <summary>Stops and starts again on the same folder, as after a crash: nothing is asked to save anything.</summary>
    public async Task<StorageServer> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(Directory);
    }

    public async Task MakeBucketAsync(string name, string project = "lab-project") =>
        (await Http.PostAsync($"/storage/v1/b?project={project}", Json(new() { ["name"] = name }))).EnsureSuccessStatusCode();

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
        if (_owned is not null)
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (_owned is not null)
            await _owned.DisposeAsync();
    }
}
