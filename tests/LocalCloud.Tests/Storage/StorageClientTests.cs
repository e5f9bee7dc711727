using System.Net;
using System.Security.Cryptography;
using Google;
using Google.Cloud.Storage.V1;
using Data = Google.Apis.Storage.v1.Data;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

/// <summary>The API as Google's library for .NET uses it.</summary>
public sealed class StorageClientTests : IAsyncLifetime
{
    private StorageServer _server = null!;
    private StorageClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await StorageServer.StartAsync();
        _client = await new StorageClientBuilder { BaseUri = new Uri(_server.Http.BaseAddress!, "/storage/v1/").AbsoluteUri, UnauthenticatedAccess = true }.BuildAsync();
        await _client.CreateBucketAsync("lab-project", new Data.Bucket { Name = "tools", Location = "us-west1", Labels = new Dictionary<string, string> { ["owner"] = "lab" } });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Buckets_are_made_read_changed_and_listed()
    {
        var bucket = await _client.GetBucketAsync("tools");
        await _client.PatchBucketAsync(new Data.Bucket { Name = "tools", Labels = new Dictionary<string, string> { ["step"] = "two" } });
        var conflict = await Assert.ThrowsAsync<GoogleApiException>(() => _client.CreateBucketAsync("lab-project", "tools"));

        Assert.Equal("US-WEST1", bucket.Location);
        Assert.Equal(["owner", "step"], (await _client.GetBucketAsync("tools")).Labels.Keys.Order());
        Assert.Equal(HttpStatusCode.Conflict, conflict.HttpStatusCode);
        Assert.Equal(["tools"], await Names(_client.ListBucketsAsync("lab-project"), b => b.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(12_000_000)] // more than one of the client's chunks
    public async Task Content_comes_back_as_it_went_and_hashes_agree(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var stored = await _client.UploadObjectAsync("tools", "dir/primes", "application/octet-stream", new MemoryStream(content));
        using var back = new MemoryStream();
        await _client.DownloadObjectAsync("tools", "dir/primes", back);

        Assert.Equal(content, back.ToArray());
        Assert.Equal((ulong)size, stored.Size);
        Assert.Equal(Convert.ToBase64String(MD5.HashData(content)), stored.Md5Hash);
    }

    [Fact]
    public async Task A_lease_is_taken_once_and_given_back_by_its_holder_only()
    {
        var none = new UploadObjectOptions { IfGenerationMatch = 0 };
        var lease = await _client.UploadObjectAsync("tools", "lease", "text/plain", new MemoryStream([1]), none);
        var second = await Assert.ThrowsAsync<GoogleApiException>(() => _client.UploadObjectAsync("tools", "lease", "text/plain", new MemoryStream([2]), none));
        var wrong = await Assert.ThrowsAsync<GoogleApiException>(() => _client.DeleteObjectAsync("tools", "lease", new DeleteObjectOptions { IfGenerationMatch = lease.Generation + 1 }));
        await _client.DeleteObjectAsync("tools", "lease", new DeleteObjectOptions { IfGenerationMatch = lease.Generation });
        var gone = await Assert.ThrowsAsync<GoogleApiException>(() => _client.GetObjectAsync("tools", "lease"));

        Assert.Equal(HttpStatusCode.PreconditionFailed, second.HttpStatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, wrong.HttpStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.HttpStatusCode);
        Assert.Equal("No such object: tools/lease", gone.Error.Message);
    }

    [Fact]
    public async Task A_bucket_is_deleted_with_all_its_objects()
    {
        foreach (var name in (string[])["a", "dir/b"])
            await _client.UploadObjectAsync("tools", name, null, new MemoryStream([1]));
        Assert.Equal(["dir/b"], await Names(_client.ListObjectsAsync("tools", "dir/"), o => o.Name));

        await _client.DeleteBucketAsync("tools", new DeleteBucketOptions { DeleteObjects = true });
        Assert.Empty(await Names(_client.ListBucketsAsync("lab-project"), b => b.Name));
    }

    private static async Task<List<string>> Names<T>(IAsyncEnumerable<T> resources, Func<T, string> name)
    {
        var names = new List<string>();
        await foreach (var resource in resources)
            names.Add(name(resource));
        return names;
    }
}
