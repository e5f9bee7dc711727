using PrimeDeploy.Reporting.Tests.GitHub;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>Tests that execute a job: with a GitHub of ours, and a credentials file whose key is to appear nowhere.</summary>
public abstract class JobTests : IAsyncLifetime
{
    private protected const string PlantedKey = "PLANTED-PRIVATE-KEY-7c1d";

    private protected GitHubFake GitHub { get; private set; } = null!;

    private protected string Credentials { get; } = Path.GetTempFileName();

    public async Task InitializeAsync()
    {
        GitHub = await GitHubFake.StartAsync();
        File.WriteAllText(Credentials, $$"""{ "type": "service_account", "private_key": "{{PlantedKey}}" }""");
    }

    public async Task DisposeAsync()
    {
        await GitHub.DisposeAsync();
        File.Delete(Credentials);
    }
}
