namespace PrimeDeploy.EndToEnd.Tests;

/// <summary>What cannot be done ends in one clear message, before anything is made.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task What_only_the_cloud_knows_to_be_wrong_is_told_at_once_and_nothing_is_made()
    {
        await using var build = new Build();

        var run = await build.RunAsync("Deploy", "--machines=none", "--zone=us-west1-x", "--address=192.168.7.7", "--machine-type=e2-gigantic");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("us-west1-x", run.Output);
        Assert.Contains("192.168.7.7", run.Output);
        Assert.Contains("e2-gigantic", run.Output);
        Assert.DoesNotContain("created", run.Output);
    }

    [Fact]
    public async Task A_port_that_another_local_cloud_has_is_told_with_its_folder()
    {
        await using var first = new Build();
        (await first.RunAsync("Bucket", "--machines=none")).Succeeded();
        var port = (await first.CloudAsync()).Endpoint.Port;

        await using var second = new Build();
        var run = await second.RunAsync("Bucket", "--machines=none", $"--port={port}");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"Port {port} is taken by the local cloud of {first.State}", run.Output);
        Assert.Contains("--port", run.Output);
    }

    [Fact]
    public async Task Google_Cloud_without_credentials_says_what_to_do()
    {
        var home = Directory.CreateTempSubdirectory("primedeploy-home-");
        try
        {
            Environment.SetEnvironmentVariable("CLOUDSDK_CONFIG", home.FullName);
            Environment.SetEnvironmentVariable("NO_GCE_CHECK", "true");

            var run = await BuildRun.Start("--target=Deploy", "--cloud=google", "--project=some-project").EndAsync();

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains("gcloud auth application-default login", run.Output);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CLOUDSDK_CONFIG", null);
            Environment.SetEnvironmentVariable("NO_GCE_CHECK", null);
            home.Delete(recursive: true);
        }
    }
}
