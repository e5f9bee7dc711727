using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

public sealed class ObjectContentTests : IAsyncLifetime
{
    private StorageServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await StorageServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

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

    private async Task<HttpResponseMessage> AsHostAsync(string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return await Http.SendAsync(request);
    }
}
