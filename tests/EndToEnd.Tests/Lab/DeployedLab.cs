using PrimeDeploy.LocalCloud.Tests.Machines;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

/// <summary>
/// The lab on real machines, deployed once for the tests of a class, with a machine of the tests' own beside it. Tests leave it serving, and say in
/// <see cref="Now"/> what is deployed.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class DeployedLab : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("primedeploy-versions-");
    private HttpClient? _api;
    private Inside? _client;
    private int _versions;

    internal Build Build { get; } = new();

    internal DeploymentEngine Engine { get; private set; } = null!;

    /// <summary>What is deployed.</summary>
    internal DeploymentOptions Now { get; set; } = null!;

    public async Task InitializeAsync()
    {
        if (new NamespacesFactAttribute().Skip is not null)
            return; // All tests are skipped too.
        (await Build.RunAsync("Deploy")).Succeeded();
        var cloud = (await Build.CloudAsync()).Endpoint;
        Engine = new(CloudConnection.At(cloud));
        Now = new()
        {
            Project = "primedeploy-local",
            StartupScripts = Path.Combine(Build.Root, "scripts", "startup"),
            Program = Path.Combine(new DirectoryInfo(Path.Combine(Build.Root, "artifacts", "primes")).GetDirectories().MaxBy(folder => folder.LastWriteTimeUtc)!.FullName, "primes"),
        };
        _api = new() { BaseAddress = new(cloud, $"compute/v1/projects/{Now.Project}/zones/{Now.Zone}/") };
        _client = await Inside.OfAsync(cloud, Now.Project);
    }

    /// <summary>Load on a load balancer from inside the network.</summary>
    /// <param name="address">Its address; null for the lab's.</param>
    internal Load StartLoad(string? address = null) => new(_client!.Open, new(System.Net.IPAddress.Parse(address ?? Now.RequestedAddress!), 80));

    /// <summary>The name of one of the backends.</summary>
    internal async Task<string> BackendAsync()
    {
        var instances = await _api!.GetFromJsonAsync<JsonNode>("instances");
        return instances!["items"]!.AsArray().Select(item => (string)item!["name"]!).First(name => name.StartsWith("backend-", StringComparison.Ordinal));
    }

    /// <summary>Ends the machine without a word to anybody, and boots it again. Completes when it runs.</summary>
    internal async Task CutPowerAsync(string machine)
    {
        using var answer = await _api!.PostAsync(new Uri($"instances/{machine}/reset", UriKind.Relative), null);
        var operation = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>();
        using var done = await _api.PostAsync(new Uri($"{operation!["selfLink"]}/wait"), null);
        done.EnsureSuccessStatusCode();
    }

    /// <summary>A program that does the same and is another.</summary>
    internal string OtherProgram()
    {
        var program = Path.Combine(NewVersion(), "primes");
        File.Copy(Now.Program, program);
        File.AppendAllText(program, "\n");
        return program;
    }

    /// <summary>Startup scripts of which that of the backends is another.</summary>
    internal string OtherScripts(Func<string, string> change)
    {
        var version = NewVersion();
        foreach (var script in Directory.GetFiles(Now.StartupScripts))
            File.Copy(script, Path.Combine(version, Path.GetFileName(script)));
        var backend = Path.Combine(version, "backend.sh");
        File.WriteAllText(backend, change(File.ReadAllText(backend)));
        return version;
    }

    public async Task DisposeAsync()
    {
        _api?.Dispose();
        if (_client is not null)
            await _client.DisposeAsync();
        await Build.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string NewVersion() => _folder.CreateSubdirectory($"{++_versions}").FullName;
}
