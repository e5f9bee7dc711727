using System.Net;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

public sealed class BucketTests : IAsyncLifetime
{
    private StorageServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await StorageServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_new_bucket_has_the_services_defaults()
    {
        using var made = await Http.PostAsync("/storage/v1/b?project=lab-project", StorageServer.Json(new() { ["name"] = "tools", ["location"] = "us-west1", ["labels"] = new JsonObject { ["a"] = "b" } }));
        var bucket = await StorageServer.ReadAsync(made);

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal("storage#bucket", (string?)bucket["kind"]);
        Assert.Equal("US-WEST1", (string?)bucket["location"]);
        Assert.Equal("region", (string?)bucket["locationType"]);
        Assert.Equal("STANDARD", (string?)bucket["storageClass"]);
        Assert.Equal("b", (string?)bucket["labels"]!["a"]);
        Assert.Equal("inherited", (string?)bucket["iamConfiguration"]!["publicAccessPrevention"]);
        Assert.Equal(new Uri(Http.BaseAddress!, "/storage/v1/b/tools").AbsoluteUri, (string?)bucket["selfLink"]);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("-dash")]
    [InlineData("192.168.5.4")]
    [InlineData("my-google-bucket")]
    public async Task A_bad_bucket_name_is_refused_with_the_name_in_the_message(string name)
    {
        using var answer = await Http.PostAsync("/storage/v1/b?project=lab-project", StorageServer.Json(new() { ["name"] = name }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith($"Invalid bucket name: '{name}': ", (string?)(await StorageServer.ReadAsync(answer))["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_exists_is_a_conflict_and_one_with_objects_cannot_be_deleted()
    {
        await _server.MakeBucketAsync("tools");
        await _server.UploadAsync("tools", "a", [1]);

        using var again = await Http.PostAsync("/storage/v1/b?project=lab-project", StorageServer.Json(new() { ["name"] = "tools" }));
        using var other = await Http.PostAsync("/storage/v1/b?project=other-project", StorageServer.Json(new() { ["name"] = "tools" }));
        using var delete = await Http.DeleteAsync("/storage/v1/b/tools");
        using var deleteObject = await Http.DeleteAsync("/storage/v1/b/tools/o/a");
        using var deleteEmpty = await Http.DeleteAsync("/storage/v1/b/tools");
        using var gone = await Http.GetAsync("/storage/v1/b/tools");

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("you already own it", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("is not available", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, delete.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleteObject.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, deleteEmpty.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Patch_merges_labels_and_null_removes_one()
    {
        await Http.PostAsync("/storage/v1/b?project=lab-project", StorageServer.Json(new() { ["name"] = "tools", ["labels"] = new JsonObject { ["a"] = "1", ["b"] = "2" } }));
        using var patched = await Http.PatchAsync("/b/tools", StorageServer.Json(new() { ["labels"] = new JsonObject { ["a"] = null, ["c"] = "3" }, ["name"] = "ignored" }));
        var bucket = await StorageServer.ReadAsync(patched);

        Assert.Equal("""{"b":"2","c":"3"}""", bucket["labels"]!.ToJsonString());
        Assert.Equal("2", (string?)bucket["metageneration"]);
        Assert.Equal("tools", (string?)bucket["name"]);
    }

    [Fact]
    public async Task Policies_are_replaced_only_from_the_latest_one()
    {
        await _server.MakeBucketAsync("tools");
        var policy = await _server.GetAsync("/storage/v1/b/tools/iam?optionsRequestedPolicyVersion=3");
        policy["bindings"]!.AsArray().Add(new JsonObject { ["role"] = "roles/storage.objectViewer", ["members"] = new JsonArray("allUsers") });
        using var set = await Http.PutAsync("/storage/v1/b/tools/iam", StorageServer.Json(policy));
        using var stale = await Http.PutAsync("/storage/v1/b/tools/iam", StorageServer.Json(policy));

        Assert.Equal(3, (await StorageServer.ReadAsync(set))["bindings"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
    }

    [Fact]
    public async Task Everything_is_there_again_after_a_restart_and_half_made_files_are_not()
    {
        await _server.MakeBucketAsync("tools");
        var before = await _server.UploadAsync("tools", "a", [1, 2, 3]);
        var folder = Path.Combine(_server.Directory, "buckets", "tools");
        await File.WriteAllBytesAsync(Path.Combine(folder, "99.bin"), [1]);
        await File.WriteAllTextAsync(Path.Combine(folder, "98.json.next"), "{");
        await File.WriteAllTextAsync(Path.Combine(_server.Directory, "staging", "x"), "left over");
        _server = await _server.RestartAsync();

        var after = await _server.GetAsync("/storage/v1/b/tools/o/a");
        Assert.Equal((string?)before["generation"], (string?)after["generation"]);
        Assert.Equal((string?)before["etag"], (string?)after["etag"]);
        Assert.Equal(3, Directory.GetFiles(folder).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(_server.Directory, "staging")));
    }
}
