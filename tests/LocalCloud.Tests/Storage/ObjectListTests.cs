using System.Net;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

public sealed class ObjectListTests : IAsyncLifetime
{
    private StorageServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await StorageServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Preconditions_guard_creation_replacement_and_deletion()
    {
        await _server.MakeBucketAsync("tools");
        var first = await _server.UploadAsync("tools", "lease", [1], "&ifGenerationMatch=0");
        using var second = await Http.PostAsync("/upload/storage/v1/b/tools/o?uploadType=media&name=lease&ifGenerationMatch=0", new ByteArrayContent([2]));
        using var wrong = await Http.DeleteAsync("/storage/v1/b/tools/o/lease?ifGenerationMatch=5");
        using var unchanged = await Http.GetAsync($"/storage/v1/b/tools/o/lease?ifGenerationNotMatch={first["generation"]}");
        var replaced = await _server.UploadAsync("tools", "lease", [3], $"&ifGenerationMatch={first["generation"]}");

        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        var error = (await StorageServer.ReadAsync(second))["error"]!;
        Assert.Equal("conditionNotMet", (string?)error["errors"]![0]!["reason"]);
        Assert.Equal("At least one of the pre-conditions you specified did not hold.", (string?)error["message"]);
        Assert.Equal(HttpStatusCode.PreconditionFailed, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.True(long.Parse((string)replaced["generation"]!) > long.Parse((string)first["generation"]!));
    }

    [Fact]
    public async Task Only_one_of_many_racing_creations_wins()
    {
        await _server.MakeBucketAsync("tools");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Http.PostAsync("/upload/storage/v1/b/tools/o?uploadType=media&name=lease&ifGenerationMatch=0", new ByteArrayContent([(byte)i]))));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(15, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task Lists_have_pages_and_roll_names_up_to_prefixes()
    {
        await _server.MakeBucketAsync("tools");
        foreach (var name in (string[])["a", "dir/1", "dir/2", "dir/sub/3", "z"])
            await _server.UploadAsync("tools", name, [1]);

        var rolled = await _server.GetAsync("/storage/v1/b/tools/o?delimiter=/");
        Assert.Equal(["a", "z"], Names(rolled));
        Assert.Equal(["dir/"], rolled["prefixes"]!.AsArray().Select(p => (string)p!));

        var inside = await _server.GetAsync("/storage/v1/b/tools/o?delimiter=/&prefix=dir/");
        Assert.Equal(["dir/1", "dir/2"], Names(inside));
        Assert.Equal(["dir/sub/"], inside["prefixes"]!.AsArray().Select(p => (string)p!));

        var all = new List<string>();
        string? token = null;
        do
        {
            var page = await _server.GetAsync($"/storage/v1/b/tools/o?maxResults=2&delimiter=/{(token is null ? "" : "&pageToken=" + Uri.EscapeDataString(token))}");
            all.AddRange(Names(page));
            all.AddRange(page["prefixes"]?.AsArray().Select(p => (string)p!) ?? []);
            token = (string?)page["nextPageToken"];
        }
        while (token is not null);
        Assert.Equal(["a", "dir/", "z"], all);
    }

    [Fact]
    public async Task A_bucket_with_versioning_keeps_what_was_replaced()
    {
        await _server.MakeBucketAsync("tools");
        await Http.PatchAsync("/storage/v1/b/tools", StorageServer.Json(new() { ["versioning"] = new JsonObject { ["enabled"] = true } }));
        var first = await _server.UploadAsync("tools", "a", [1]);
        await _server.UploadAsync("tools", "a", [2, 3]);

        Assert.Equal(2, (await _server.GetAsync("/storage/v1/b/tools/o?versions=True"))["items"]!.AsArray().Count);
        Assert.Single((await _server.GetAsync("/storage/v1/b/tools/o"))["items"]!.AsArray());
        Assert.Equal([1], await Http.GetByteArrayAsync($"/storage/v1/b/tools/o/a?alt=media&generation={first["generation"]}"));
        Assert.Equal(HttpStatusCode.NoContent, (await Http.DeleteAsync($"/storage/v1/b/tools/o/a?generation={first["generation"]}")).StatusCode);
        Assert.Single((await _server.GetAsync("/storage/v1/b/tools/o?versions=true"))["items"]!.AsArray());
    }

    private static IEnumerable<string> Names(JsonObject list) => list["items"]?.AsArray().Select(o => (string)o!["name"]!) ?? [];
}
