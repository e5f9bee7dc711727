using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Recordings;

/// <summary>Sends the requests of a recording in order, as its client did, and compares the answers.</summary>
internal sealed partial class Replay
{
    private const string Project = "replayed-project";

    private readonly TestCloud _cloud;
    private readonly IReadOnlyList<Exchange> _exchanges;
    private readonly HashSet<string> _created;
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);
    private string _operation = "operation-unknown";

    private Replay(TestCloud cloud, IReadOnlyList<Exchange> exchanges)
    {
        _cloud = cloud;
        _exchanges = exchanges;
        _created = [.. exchanges.Where(e => e is { Method: "POST", Status: 200 } && e.Body?.Text("name") is not null).Select(e => $"{e.Path}/{e.Body!.Text("name")}")];
    }

    public static async Task<Comparison> RunAsync(TestCloud cloud, IReadOnlyList<Exchange> exchanges)
    {
        var replay = new Replay(cloud, exchanges);
        await replay.PrepareAsync();
        var comparison = new Comparison(replay.Fill);
        foreach (var exchange in exchanges)
        {
            var (status, answer) = await replay.SendAsync(exchange);
            var recorded = replay.IsOnlyLookedUp(exchange) ? null : exchange.Answer;
            comparison.Add($"{exchange.Method} {replay.Fill(exchange.Path)}", exchange.Status, recorded, status, answer);
        }
        return comparison;
    }

    /// <summary>A network that a recording uses and never creates was there before: an automatic one, which brings its subnetworks.</summary>
    private async Task PrepareAsync()
    {
        foreach (var exchange in _exchanges.Where(e => e.Path.Contains("/networks/", StringComparison.Ordinal) && IsOnlyLookedUp(e)).DistinctBy(e => e.Path))
        {
            var path = Fill(exchange.Path);
            await _cloud.DoAsync("POST", path[..path.LastIndexOf('/')], $$"""{"name":"{{path[(path.LastIndexOf('/') + 1)..]}}","autoCreateSubnetworks":true}""");
        }
    }

    private bool IsOnlyLookedUp(Exchange exchange) =>
        exchange is { Method: "GET", Status: 200 } && !exchange.Path.Contains("/operations/", StringComparison.Ordinal) && !_created.Contains(exchange.Path);

    private async Task<(int Status, JsonObject Answer)> SendAsync(Exchange exchange)
    {
        var path = Fill(exchange.Path);
        var body = exchange.Body?.DeepClone() as JsonObject;
        // The recorded client sent the fingerprint that it had seen last; the recording has a placeholder.
        if (body?["fingerprint"] is not null && _fingerprints.TryGetValue(path, out var seen))
            body["fingerprint"] = seen;
        if (exchange.Method == "GET" && path.Contains("/operations/", StringComparison.Ordinal) && exchange.Answer?.Text("status") == "DONE")
            await _cloud.SendAsync("POST", path + "/wait"); // Instead of asking again and again as the recorded client did.
        var (status, answer) = await _cloud.SendAsync(exchange.Method, path, body is null ? null : Fill(body.ToJsonString()));
        if (answer.Text("kind") == "compute#operation")
            _operation = answer.Text("name")!;
        if (answer.Text("fingerprint") is { } fingerprint)
            _fingerprints[path] = fingerprint;
        return ((int)status, answer);
    }

    private string Fill(string text) => Placeholder().Replace(text, match => match.Groups["name"].Value switch
    {
        "projectId" => Project,
        "operationID" => _operation,
        var other => $"{Suffix().Replace(other, "").ToLowerInvariant()}-replayed",
    });

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex("(ID|Id)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();
}
