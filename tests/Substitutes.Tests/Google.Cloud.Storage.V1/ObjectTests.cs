using System.Net;
using System.Text;
using Google;
using Google.Cloud.Storage.V1;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudStorage;

public sealed class ObjectTests
{
    /// <summary>CRC-32C of "123456789" is E3069283 (the check value of the polynomial's catalogue entry).</summary>
    private const string Digits = "123456789";
    private const string DigitsCrc32C = "4waSgw==";

    [Fact]
    public async Task An_upload_opens_a_session_and_puts_the_content_there()
    {
        await using var server = await UploadServerAsync(DigitsCrc32C);
        using var client = Client(server);
        var uploaded = await client.UploadObjectAsync(
            "my-bucket", "startup/backend.sh", "text/x-shellscript", Content(), new UploadObjectOptions { IfGenerationMatch = 0 });

        var (session, put) = (server.Requests[0], server.Requests[1]);
        Assert.Equal("POST", session.Method);
        Assert.Equal("/upload/storage/v1/b/my-bucket/o", session.Target.Split('?')[0]);
        Assert.Equal(["ifGenerationMatch=0", "uploadType=resumable"], session.Target.Split('?')[1].Split('&').Order());
        Assert.Contains("\"name\":\"startup/backend.sh\"", session.Body, StringComparison.Ordinal);
        Assert.Equal("text/x-shellscript", session.Headers["X-Upload-Content-Type"]);
        Assert.Equal(("PUT", Digits, "bytes 0-8/9"), (put.Method, put.Body, put.Headers["Content-Range"]));
        Assert.Equal(7, uploaded.Generation);
    }

    [Fact]
    public async Task A_precondition_that_does_not_hold_is_a_412()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(
            412, """{"error":{"code":412,"message":"At least one of the pre-conditions you specified did not hold."}}"""));
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<GoogleApiException>(() =>
            client.UploadObjectAsync("my-bucket", "lease", "text/plain", Content(), new UploadObjectOptions { IfGenerationMatch = 0 }));

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.HttpStatusCode);
    }

    [Fact]
    public async Task Content_that_was_damaged_on_the_way_up_is_deleted_again()
    {
        await using var server = await UploadServerAsync("AAAAAA==");
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<UploadValidationException>(() =>
            client.UploadObjectAsync("my-bucket", "a b", "text/plain", Content()));

        Assert.Equal(DigitsCrc32C, error.ClientSideHash);
        Assert.Equal("DELETE /storage/v1/b/my-bucket/o/a%20b?generation=7", $"{server.Requests[2].Method} {server.Requests[2].Target}");
    }

    [Fact]
    public async Task Content_whose_checksum_the_server_does_not_tell_is_not_believed()
    {
        await using var server = await UploadServerAsync(null);
        using var client = Client(server);
        await Assert.ThrowsAsync<UploadValidationException>(() => client.UploadObjectAsync("my-bucket", "a b", null, Content()));

        Assert.DoesNotContain("X-Upload-Content-Type", server.Requests[0].Headers.Keys);
        Assert.Equal("DELETE", server.Requests[2].Method);
    }

    [Fact]
    public async Task A_download_is_checked_and_says_what_it_was()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Download(DigitsCrc32C));
        using var client = Client(server);
        using var content = new MemoryStream();
        var downloaded = await client.DownloadObjectAsync("my-bucket", "a/b", content, new DownloadObjectOptions { Generation = 7 });

        Assert.Equal(Digits, Encoding.UTF8.GetString(content.ToArray()));
        Assert.Equal("/storage/v1/b/my-bucket/o/a%2Fb", server.Request.Target.Split('?')[0]);
        Assert.Equal(["alt=media", "generation=7"], server.Request.Target.Split('?')[1].Split('&').Distinct().Order());
        Assert.Equal((7, DigitsCrc32C), (downloaded.Generation, downloaded.Crc32c));
    }

    [Fact]
    public async Task Content_that_was_damaged_on_the_way_down_is_an_error()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Download("AAAAAA=="));
        using var client = Client(server);
        await Assert.ThrowsAsync<IOException>(() => client.DownloadObjectAsync("my-bucket", "a", Stream.Null));
    }

    [Fact]
    public async Task Objects_are_listed_page_by_page_below_a_prefix()
    {
        await using var server = await LoopbackServer.AnsweringAsync(
            Answer.Json("""{"items":[{"name":"s/a","size":"9"}],"nextPageToken":"t"}"""), Answer.Json("{}"));
        using var client = Client(server);
        var found = await client.ListObjectsAsync("my-bucket", "s/", new ListObjectsOptions { PageSize = 1 }).ToListAsync();

        Assert.Equal(9UL, Assert.Single(found).Size);
        Assert.Equal("/storage/v1/b/my-bucket/o?maxResults=1&pageToken=t&prefix=s%2F", server.Requests[1].Target);
    }

    private static Task<LoopbackServer> UploadServerAsync(string? crc32C) => LoopbackServer.StartAsync(request => request.Method switch
    {
        "POST" => new Answer(200) { Headers = { ["Location"] = $"http://{request.Headers["Host"]}/session/1" } },
        "PUT" => Answer.Json($$"""{"bucket":"my-bucket","name":"a b","generation":"7"{{(crc32C is null ? "" : $",\"crc32c\":\"{crc32C}\"")}}}"""),
        _ => new Answer(204),
    });

    private static Answer Download(string crc32C) => new(200, Digits, "text/plain")
    {
        Headers = { ["x-goog-hash"] = $"crc32c={crc32C},md5=JfnnlDI7RTiF9RgfG2JNCw==", ["x-goog-generation"] = "7" },
    };

    private static MemoryStream Content() => new(Encoding.UTF8.GetBytes(Digits));

    private static StorageClient Client(LoopbackServer server) =>
        new StorageClientBuilder { UnauthenticatedAccess = true, BaseUri = server.Address + "/storage/v1/" }.Build();
}
