using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Recordings;

/// <summary>What a client of the real service was answered, this one answers too. What stays different is explained in docs/local-cloud.md.</summary>
public sealed class RecordingTests
{
    private const double Bar = 0.95;

    [RecordingTheory]
    [InlineData("firewall")]
    [InlineData("health-check")]
    [InlineData("instance-template")]
    [InlineData("regional-address")]
    [InlineData("regional-backend-service")]
    [InlineData("subnetwork")]
    [InlineData("zonal-instance-group-manager")]
    public async Task Recorded_conversation_goes_the_same_way(string name)
    {
        await using var cloud = await TestCloud.StartAsync();
        var comparison = await Replay.RunAsync(cloud, Recording.Read(name));
        Assert.True(comparison.Recall >= Bar, $"Only {comparison.Recall:P1} came back as recorded:\n{comparison.Differences}");
        // The recorded instance has nothing but what its client had sent, not even an address; a real one, and ours, have.
        var expected = comparison.Extra.Where(extra => extra.Contains("/instances/", StringComparison.Ordinal)).ToList();
        var score = comparison.ScoreWithout(expected.Count);
        Assert.True(score >= Bar, $"{score:P1} with what is beyond the recording:\n{comparison.Differences}");
    }
}
