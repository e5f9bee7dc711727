using System.Net;
using System.Text.Json.Nodes;
using Google;
using Google.Apis.Storage.v1.Data;
using Google.Cloud.Storage.V1;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudStorage;

public sealed class BucketTests
{
    [Fact]
    public async Task A_bucket_is_made_with_everything_that_was_set_of_it()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(
            """{"name":"my-bucket","metageneration":"1","timeCreated":"2026-03-04T05:06:07.089Z","softDeletePolicy":{"retentionDurationSeconds":"0"}}"""));
        using var client = Client(server);
        var made = await client.CreateBucketAsync("my-project", new Bucket
        {
            Name = "my-bucket",
            Location = "us-west1",
            Labels = new Dictionary<string, string> { ["owner"] = "me" },
            IamConfiguration = new()
            {
                PublicAccessPrevention = "enforced",
                UniformBucketLevelAccess = new() { Enabled = true },
            },
            Lifecycle = new() { Rule = [new() { Action = new() { Type = "Delete" }, Condition = new() { Age = 30 } }] },
        });

        Assert.Equal("POST /storage/v1/b?project=my-project", $"{server.Request.Method} {server.Request.Target}");
        Assert.Equal("gzip", server.Request.Headers["Content-Encoding"]);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    """
                    {"name":"my-bucket","location":"us-west1","labels":{"owner":"me"},
                     "iamConfiguration":{"publicAccessPrevention":"enforced","uniformBucketLevelAccess":{"enabled":true}},
                     "lifecycle":{"rule":[{"action":{"type":"Delete"},"condition":{"age":30}}]}}
                    """),
                JsonNode.Parse(server.Request.Body)),
            server.Request.Body);
        Assert.Equal(1, made.Metageneration);
        Assert.Equal(0, made.SoftDeletePolicy.RetentionDurationSeconds);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero), made.TimeCreatedDateTimeOffset);
    }

    [Fact]
    public async Task What_the_server_refuses_carries_its_status_and_reason()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(
            404, """{"error":{"code":404,"message":"The specified bucket does not exist.","errors":[{"reason":"notFound"}]}}"""));
        using var client = Client(server);
        var error = await Assert.ThrowsAsync<GoogleApiException>(() => client.GetBucketAsync("my-bucket"));

        Assert.Equal(HttpStatusCode.NotFound, error.HttpStatusCode);
        Assert.Equal("notFound", error.Error.Errors.Single().Reason);
    }

    [Fact]
    public async Task A_patch_sends_only_what_was_set_and_its_precondition()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("{}"));
        using var client = Client(server);
        var labels = new Bucket { Name = "my-bucket", Labels = new Dictionary<string, string> { ["a"] = "b" } };
        await client.PatchBucketAsync(labels, new PatchBucketOptions { IfMetagenerationMatch = 3 });

        Assert.Equal("PATCH /storage/v1/b/my-bucket?ifMetagenerationMatch=3", $"{server.Request.Method} {server.Request.Target}");
        Assert.Equal("""{"labels":{"a":"b"},"name":"my-bucket"}""", server.Request.Body);
    }

    [Fact]
    public async Task Deleting_a_bucket_with_its_objects_deletes_every_generation_first()
    {
        await using var server = await LoopbackServer.StartAsync(request => request switch
        {
            { Method: "DELETE" } => new Answer(204),
            { Target: var target } when target.Contains("pageToken", StringComparison.Ordinal) =>
                Answer.Json("""{"items":[{"bucket":"my-bucket","name":"a/b","generation":"2"}]}"""),
            _ => Answer.Json("""{"items":[{"bucket":"my-bucket","name":"a/b","generation":"1"}],"nextPageToken":"more"}"""),
        });
        using var client = Client(server);
        await client.DeleteBucketAsync("my-bucket", new DeleteBucketOptions { DeleteObjects = true });

        Assert.Equal(
            [
                "GET /storage/v1/b/my-bucket/o?versions=true",
                "DELETE /storage/v1/b/my-bucket/o/a%2Fb?generation=1",
                "GET /storage/v1/b/my-bucket/o?pageToken=more&versions=true",
                "DELETE /storage/v1/b/my-bucket/o/a%2Fb?generation=2",
                "DELETE /storage/v1/b/my-bucket",
            ],
            server.Requests.Select(request => $"{request.Method} {Sorted(request.Target)}"));
    }

    [Fact]
    public async Task A_bucket_that_is_not_the_one_that_was_meant_keeps_its_objects()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(412));
        using var client = Client(server);
        await Assert.ThrowsAsync<GoogleApiException>(() => client.DeleteBucketAsync(
            "my-bucket", new DeleteBucketOptions { DeleteObjects = true, IfMetagenerationMatch = 3 }));

        Assert.Equal("GET /storage/v1/b/my-bucket?ifMetagenerationMatch=3", $"{server.Request.Method} {server.Request.Target}");
    }

    [Fact]
    public async Task A_read_is_tried_again_where_the_server_could_not_answer()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(503), Answer.Json("""{"name":"my-bucket"}"""));
        using var client = Client(server);

        Assert.Equal("my-bucket", (await client.GetBucketAsync("my-bucket")).Name);
        Assert.Equal(2, server.Requests.Length);
    }

    [Fact]
    public async Task A_bucket_name_that_cannot_be_is_refused_before_anything_is_sent()
    {
        using var client = new StorageClientBuilder { UnauthenticatedAccess = true, BaseUri = "http://127.0.0.1:1/storage/v1/" }.Build();
        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetBucketAsync("My_Bucket/"));

        Assert.StartsWith("Invalid bucket name 'My_Bucket/'", error.Message, StringComparison.Ordinal);
    }

    private static StorageClient Client(LoopbackServer server) =>
        new StorageClientBuilder { UnauthenticatedAccess = true, BaseUri = server.Address + "/storage/v1/" }.Build();

    /// <summary>The order of an address's parameters means nothing.</summary>
    private static string Sorted(string target) =>
        target.Split('?') is [var path, var query] ? $"{path}?{string.Join('&', query.Split('&').Order(StringComparer.Ordinal))}" : target;
}
