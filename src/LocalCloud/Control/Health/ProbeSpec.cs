using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Health;

/// <summary>A health check document, read; defaults as the API documents them: https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks.</summary>
/// <param name="Type">HTTP or TCP; anything else is not probed.</param>
/// <param name="Path">HTTP: what is asked for.</param>
/// <param name="Host">HTTP: the Host header; null for the address that is probed.</param>
/// <param name="Request">TCP: what is sent after connecting; null for nothing.</param>
/// <param name="Response">What the answer has to hold (HTTP: anywhere in the first 1024 bytes of the body; TCP: at its beginning); null when any will do.</param>
/// <param name="Interval">Between two probes of one prober.</param>
internal sealed record ProbeSpec(
    ResourceName HealthCheck, string Type, int Port, string Path, string? Host, string? Request, string? Response,
    TimeSpan Interval, TimeSpan Timeout, int HealthyThreshold, int UnhealthyThreshold)
{
    /// <summary>The port is not the check's but the named port that each backend serves on.</summary>
    public bool UsesServingPort { get; init; }

    private const int DefaultSeconds = 5;
    private const int DefaultThreshold = 2;

    public bool CanBeProbed => Type is "HTTP" or "TCP";

    public static ProbeSpec Of(Document check)
    {
        var json = check.Json;
        var type = json.Text("type") ?? "TCP";
        var details = json.Object($"{type.ToLowerInvariant()}HealthCheck") ?? [];
        return new(
            check.Name, type,
            (int)(details.Integer("port") ?? 80),
            details.Text("requestPath") ?? "/",
            NotEmpty("host"), NotEmpty("request"), NotEmpty("response"),
            TimeSpan.FromSeconds(json.Integer("checkIntervalSec") ?? DefaultSeconds),
            TimeSpan.FromSeconds(json.Integer("timeoutSec") ?? DefaultSeconds),
            (int)(json.Integer("healthyThreshold") ?? DefaultThreshold),
            (int)(json.Integer("unhealthyThreshold") ?? DefaultThreshold))
        {
            UsesServingPort = details.Text("portSpecification") == "USE_SERVING_PORT",
        };

        string? NotEmpty(string member) => details.Text(member) is { Length: > 0 } text ? text : null;
    }
}
