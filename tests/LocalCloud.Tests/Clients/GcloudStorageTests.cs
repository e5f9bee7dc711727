using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

public sealed class GcloudStorageTests
{
    [GcloudFact]
    public async Task A_file_goes_into_a_bucket_and_comes_back()
    {
        await using var cloud = await TestCloud.StartAsync();
        var gcloud = Gcloud.For(cloud);
        var file = Path.Combine(gcloud.Folder, "hello.txt");
        await File.WriteAllTextAsync(file, "hello from gcloud");
        await gcloud.RunAsync("storage", "buckets", "create", "gs://lab-bucket", "--location=us-west1", "--uniform-bucket-level-access");
        await gcloud.RunAsync("storage", "cp", file, "gs://lab-bucket/a/hello.txt");
        Assert.Equal("hello from gcloud", await gcloud.RunAsync("storage", "cat", "gs://lab-bucket/a/hello.txt"));
        Assert.Equal("gs://lab-bucket/a/hello.txt", (await gcloud.RunAsync("storage", "ls", "gs://lab-bucket/a/")).Trim());
        await gcloud.RunAsync("storage", "rm", "--recursive", "gs://lab-bucket");
        Assert.Equal(0, (await cloud.GetAsync($"{cloud.Server.Endpoint}localcloud/status"))["resources"]!.GetValue<int>());
    }
}
