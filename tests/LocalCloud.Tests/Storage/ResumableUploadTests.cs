using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

public sealed class ResumableUploadTests : IAsyncLifetime
{
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(700_000);
    private StorageServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await StorageServer.StartAsync();
        await _server.MakeBucketAsync("tools");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Chunks_are_answered_with_how_far_the_upload_is_and_the_last_with_the_object()
    {
        var session = await BeginAsync();
        using var first = await PutAsync(session, 0, 262_144, "700000");
        using var status = await PutAsync(session, null, 0, "700000");
        using var second = await PutAsync(session, 262_144, 437_856, "700000");
        using var again = await PutAsync(session, 262_144, 437_856, "700000");

        Assert.Equal((HttpStatusCode)308, first.StatusCode);
        Assert.Equal("bytes=0-262143", first.Headers.GetValues("Range").Single());
        Assert.Equal("bytes=0-262143", status.Headers.GetValues("Range").Single());
        Assert.Equal(Convert.ToBase64String(MD5.HashData(_content)), (string?)(await StorageServer.ReadAsync(second))["md5Hash"]);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(_content, await _server.Http.GetByteArrayAsync("/storage/v1/b/tools/o/app?alt=media"));
    }

    [Fact]
    public async Task A_repeated_part_of_a_chunk_is_skipped_and_a_gap_is_refused()
    {
        var session = await BeginAsync();
        using var first = await PutAsync(session, 0, 300_000, "*");
        using var gap = await PutAsync(session, 500_000, 100_000, "*");
        using var overlapping = await PutAsync(session, 200_000, 500_000, "700000");

        Assert.Equal(HttpStatusCode.BadRequest, gap.StatusCode);
        Assert.Contains("exceeds already uploaded size of 300000 byte(s)", await gap.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Convert.ToBase64String(MD5.HashData(_content)), (string?)(await StorageServer.ReadAsync(overlapping))["md5Hash"]);
    }

    [Fact]
    public async Task It_goes_on_after_the_server_was_restarted()
    {
        var session = await BeginAsync();
        using var first = await PutAsync(session, 0, 300_000, "700000");
        _server = await _server.RestartAsync();
        session = new(_server.Http.BaseAddress!, session.PathAndQuery);
        using var status = await PutAsync(session, null, 0, "*");
        using var rest = await PutAsync(session, 300_000, 400_000, "700000");

        Assert.Equal("bytes=0-299999", status.Headers.GetValues("Range").Single());
        Assert.Equal(Convert.ToBase64String(MD5.HashData(_content)), (string?)(await StorageServer.ReadAsync(rest))["md5Hash"]);
    }

    [Fact]
    public async Task A_body_whose_end_nobody_announced_ends_the_object()
    {
        var session = await BeginAsync();
        using var first = await PutAsync(session, 0, 300_000, "*");
        using var content = new ByteArrayContent(_content, 300_000, 400_000);
        content.Headers.TryAddWithoutValidation("Content-Range", "bytes 300000-*/*");
        using var rest = await _server.Http.PutAsync(session, content);

        Assert.Equal(Convert.ToBase64String(MD5.HashData(_content)), (string?)(await StorageServer.ReadAsync(rest))["md5Hash"]);
    }

    [Fact]
    public async Task An_empty_object_is_one_request_without_bytes()
    {
        var session = await BeginAsync();
        using var answer = await PutAsync(session, null, 0, "0");

        Assert.Equal("0", (string?)(await StorageServer.ReadAsync(answer))["size"]);
    }

    [Fact]
    public async Task Content_that_does_not_match_its_hash_is_refused_and_not_kept()
    {
        var session = await BeginAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, session) { Content = new ByteArrayContent(_content) };
        request.Headers.Add("x-goog-hash", "crc32c=AAAAAA==");
        using var answer = await _server.Http.SendAsync(request);
        using var found = await _server.Http.GetAsync("/storage/v1/b/tools/o/app");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("doesn't match calculated CRC32C", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(_server.Directory, "uploads")));
    }

    [Fact]
    public async Task A_cancelled_upload_is_gone()
    {
        var session = await BeginAsync();
        using var first = await PutAsync(session, 0, 300_000, "700000");
        using var cancel = await _server.Http.DeleteAsync(session);
        using var after = await PutAsync(session, null, 0, "*");

        Assert.Equal(499, (int)cancel.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    private async Task<Uri> BeginAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/resumable/upload/storage/v1/b/tools/o?uploadType=resumable")
        {
            Content = StorageServer.Json(new JsonObject { ["name"] = "app" }),
        };
        request.Headers.Add("X-Upload-Content-Type", "application/octet-stream");
        using var answer = await _server.Http.SendAsync(request);
        return answer.EnsureSuccessStatusCode().Headers.Location!;
    }

    private Task<HttpResponseMessage> PutAsync(Uri session, int? from, int length, string total)
    {
        var content = new ByteArrayContent(_content, from ?? 0, length);
        content.Headers.TryAddWithoutValidation("Content-Range", from is null ? $"bytes */{total}" : $"bytes {from}-{from + length - 1}/{total}");
        return _server.Http.PutAsync(session, content);
    }
}
