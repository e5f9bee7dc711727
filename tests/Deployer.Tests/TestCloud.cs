namespace PrimeDeploy.Deployer.Tests;

/// <summary>A local cloud of its own behind a proxy that sees every request, with a place to keep its state.</summary>
internal sealed class TestCloud : IAsyncDisposable
{
    private readonly LocalCloudProcess _process;

    /// <summary>How those ask for an operation's end who do as people do: Google's library would wait 20 s before it asks again.</summary>
    public static Google.Api.Gax.PollSettings Soon { get; } = new(Google.Api.Gax.Expiration.FromTimeout(TimeSpan.FromMinutes(1)), TimeSpan.FromMilliseconds(20));

    private TestCloud(Workplace workplace, LocalCloudProcess process, FaultyProxy proxy)
    {
        Workplace = workplace;
        _process = process;
        Proxy = proxy;
    }

    public Workplace Workplace { get; }

    public FaultyProxy Proxy { get; }

    public DeploymentOptions Options => Workplace.Options;

    public List<DeploymentEvent> Events { get; } = [];

    public DeploymentEngine Engine => new(CloudConnection.At(Proxy.Endpoint), new Recorder(Events));

    public static async Task<TestCloud> StartAsync()
    {
        var workplace = new Workplace();
        var process = await LocalCloudProcess.StartAsync(workplace.State);
        return new(workplace, process, await FaultyProxy.StartAsync(process.Endpoint));
    }

    /// <summary>Requests of one method whose path ends so.</summary>
    public IReadOnlyList<ProxiedRequest> Requests(string method, string path) =>
        [.. Proxy.Requests.Where(request => request.Method == method && request.Path.EndsWith(path, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _process.DisposeAsync();
        Workplace.Dispose();
    }

    private sealed class Recorder(List<DeploymentEvent> events) : IProgress<DeploymentEvent>
    {
        public void Report(DeploymentEvent value) => events.Add(value);
    }
}
