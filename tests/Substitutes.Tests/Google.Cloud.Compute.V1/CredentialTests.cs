using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudCompute;

public sealed class CredentialTests : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];
    private readonly DirectoryInfo _empty = Directory.CreateTempSubdirectory("primedeploy-no-credentials-");

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        _empty.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_credentials_the_error_is_the_one_of_googles_own_library()
    {
        Set("GOOGLE_APPLICATION_CREDENTIALS", null);
        Set("CLOUDSDK_CONFIG", _empty.FullName);
        // No look at the metadata server of a machine on Google Cloud.
        Set("NO_GCE_CHECK", "true");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => FirewallsClient.CreateAsync());

        Assert.StartsWith("Your default credentials were not found.", error.Message, StringComparison.Ordinal);
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
