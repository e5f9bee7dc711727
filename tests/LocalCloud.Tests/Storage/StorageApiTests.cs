using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

public sealed class StorageApiTests : IAsyncLifetime
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
    public async Task Names_keep_their_escaped_slashes_and_hashes_are_those_of_the_content()
    {
        await _server.MakeBucketAsync("tools");
        var content = Encoding.ASCII.GetBytes("123456789");
        var stored = await _server.UploadAsync("tools", "dir/ü %2F+.sh", content);

        Assert.Equal("dir/ü %2F+.sh", (string?)stored["name"]);
        Assert.Equal("4waSgw==", (string?)stored["crc32c"]); // the published check value of CRC-32C, 0xE3069283
        Assert.Equal(Convert.ToBase64String(MD5.HashData(content)), (string?)stored["md5Hash"]);
        Assert.Equal("9", (string?)stored["size"]);

        using var media = await Http.GetAsync((string)stored["mediaLink"]!);
        Assert.Equal(content, await media.Content.ReadAsByteArrayAsync());
        Assert.Equal(9, media.Content.Headers.ContentLength);
        Assert.Equal($"crc32c=4waSgw==,md5={stored["md5Hash"]}", media.Headers.GetValues("x-goog-hash").Single());
        Assert.Equal("storage#object", (string?)(await _server.GetAsync($"/storage/v1/b/tools/o/{Uri.EscapeDataString("dir/ü %2F+.sh")}"))["kind"]);
    }

    // Google's .NET client asks for the content twice in one address.
    [Theory]
    [InlineData("alt=media")]
    [InlineData("alt=media&generation=7&alt=media")]
    public async Task A_refusal_where_content_was_asked_for_is_a_bare_line(string query)
    {
        await _server.MakeBucketAsync("tools");
        using var answer = await Http.GetAsync($"/storage/v1/b/tools/o/none?{query}");

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("bytes=0-3", HttpStatusCode.PartialContent, "0123", "bytes 0-3/10")]
    [InlineData("bytes=7-", HttpStatusCode.PartialContent, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", HttpStatusCode.PartialContent, "89", "bytes 8-9/10")]
    [InlineData("bytes=5-100", HttpStatusCode.PartialContent, "56789", "bytes 5-9/10")]
    [InlineData("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable, "", "bytes */10")]
    public async Task Ranges_of_content_can_be_read(string range, HttpStatusCode status, string content, string contentRange)
    {
        await _server.MakeBucketAsync("tools");
        await _server.UploadAsync("tools", "digits", Encoding.ASCII.GetBytes("0123456789"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/storage/v1/b/tools/o/digits?alt=media");
        request.Headers.TryAddWithoutValidation("Range", range);
        using var answer = await Http.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(content, await answer.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, answer.Content.Headers.GetValues("Content-Range").Single());
    }

    [Theory]
    [InlineData("\n", "'===============7330845974216740156=='")]
    [InlineData("\r\n", "\"===============7330845974216740156==\"")]
    [InlineData("\r\n", "plain")]
    public async Task Multipart_uploads_may_end_lines_either_way_and_quote_the_boundary_either_way(string newline, string boundary)
    {
        await _server.MakeBucketAsync("tools");
        // Content that looks like a boundary half-way, and ends in a CR of its own.
        var content = "#!/bin/bash\n--=====\r\necho\r";
        var bare = boundary.Trim('\'', '"');
        var body = string.Join(newline, $"--{bare}", "Content-Type: application/json", "", """{"name":"a.sh","metadata":{"k":"v"}}""",
            $"--{bare}", "Content-Type: text/x-sh", "Content-Transfer-Encoding: binary", "", content, $"--{bare}--");
        using var request = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        request.Headers.TryAddWithoutValidation("Content-Type", $"multipart/related; boundary={boundary}");
        using var answer = await Http.PostAsync("/upload/storage/v1/b/tools/o?uploadType=multipart", request);
        var stored = await StorageServer.ReadAsync(answer);

        Assert.Equal("text/x-sh", (string?)stored["contentType"]);
        Assert.Equal("v", (string?)stored["metadata"]!["k"]);
        Assert.Equal(content, await Http.GetStringAsync("/storage/v1/b/tools/o/a.sh?alt=media"));
    }

    [Fact]
    public async Task A_multipart_body_without_its_end_is_refused_and_leaves_nothing()
    {
        await _server.MakeBucketAsync("tools");
        using var request = new ByteArrayContent(Encoding.ASCII.GetBytes("--b\n\n{\"name\":\"a\"}\n--b\n\nhalf of it"));
        request.Headers.TryAddWithoutValidation("Content-Type", "multipart/related; boundary=b");
        using var answer = await Http.PostAsync("/upload/storage/v1/b/tools/o?uploadType=multipart", request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False((await _server.GetAsync("/storage/v1/b/tools/o")).ContainsKey("items"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_server.Directory, "staging")));
    }

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

    [Fact]
    public async Task Rewrite_copy_and_compose_make_objects_of_objects()
    {
        await _server.MakeBucketAsync("tools");
        await _server.MakeBucketAsync("other");
        await _server.UploadAsync("tools", "a", Encoding.ASCII.GetBytes("12345"));
        await _server.UploadAsync("tools", "b", Encoding.ASCII.GetBytes("6789"));

        using var rewrite = await Http.PostAsync("/storage/v1/b/tools/o/a/rewriteTo/b/other/o/c%2Fd?maxBytesRewrittenPerCall=104857600", null);
        var rewritten = await StorageServer.ReadAsync(rewrite);
        Assert.True((bool)rewritten["done"]!);
        Assert.Equal("12345", await Http.GetStringAsync("/storage/v1/b/other/o/c%2Fd?alt=media"));

        using var compose = await Http.PostAsync("/storage/v1/b/tools/o/whole/compose", StorageServer.Json(new()
        {
            ["sourceObjects"] = new JsonArray(new JsonObject { ["name"] = "a" }, new JsonObject { ["name"] = "b" }),
        }));
        var composed = await StorageServer.ReadAsync(compose);
        Assert.Equal("4waSgw==", (string?)composed["crc32c"]);
        Assert.False(composed.ContainsKey("md5Hash"));
    }

    [Fact]
    public async Task Compressed_json_bodies_are_inflated()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"name":"squeezed"}"""));
        using var body = new ByteArrayContent(compressed.ToArray());
        body.Headers.ContentEncoding.Add("gzip");
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Http.PostAsync("/storage/v1/b?project=lab-project", body);

        Assert.Equal("squeezed", (string?)(await StorageServer.ReadAsync(answer))["name"]);
    }

    [Fact]
    public async Task Objects_are_read_by_host_name_as_curl_does_and_refusals_are_xml()
    {
        await _server.MakeBucketAsync("tools");
        await _server.UploadAsync("tools", "dir/a.sh", Encoding.ASCII.GetBytes("echo"));

        Assert.Equal("echo", await (await AsHostAsync("storage.googleapis.com", "/tools/dir/a.sh")).Content.ReadAsStringAsync());
        Assert.Equal("echo", await (await AsHostAsync("tools.storage.googleapis.com", "/dir/a.sh")).Content.ReadAsStringAsync());
        using var missing = await AsHostAsync("storage.googleapis.com", "/tools/none");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("<Code>NoSuchKey</Code>", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
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

    private async Task<HttpResponseMessage> AsHostAsync(string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return await Http.SendAsync(request);
    }

    private static IEnumerable<string> Names(JsonObject list) => list["items"]?.AsArray().Select(o => (string)o!["name"]!) ?? [];
}
