using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Health checks (https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks).</summary>
internal sealed class HealthChecks : ResourceKind
{
    /// <summary>The member that holds the settings of each type.</summary>
    private static readonly Dictionary<string, (string Member, int DefaultPort)> Types = new(StringComparer.Ordinal)
    {
        ["HTTP"] = ("httpHealthCheck", 80),
        ["TCP"] = ("tcpHealthCheck", 80),
    };

    public override string Collection => "healthChecks";

    public override string Singular => "healthCheck";

    public override Scopes Scopes => Scopes.Global | Scopes.Regional;

    public override Methods Methods => Methods.All;

    public override bool AffectsMachines => true;

    /// <summary>The probed port is the named port that the backend service sends requests to.</summary>
    public static bool UsesServingPort(JsonObject check) =>
        Types.TryGetValue(check.Text("type") ?? "", out var type) && check.Object(type.Member)?.Text("portSpecification") == "USE_SERVING_PORT";

    public override void Complete(Draft draft)
    {
        var check = draft.Json;
        check.Default("type", "TCP");
        check.Default("checkIntervalSec", 5);
        check.Default("timeoutSec", 5);
        check.Default("healthyThreshold", 2);
        check.Default("unhealthyThreshold", 2);
        draft.Range(check, "checkIntervalSec", "resource.checkIntervalSec", 1, 300);
        draft.Range(check, "timeoutSec", "resource.timeoutSec", 1, 300);
        draft.Range(check, "healthyThreshold", "resource.healthyThreshold", 1, 10);
        draft.Range(check, "unhealthyThreshold", "resource.unhealthyThreshold", 1, 10);
        if (check.Integer("timeoutSec") > check.Integer("checkIntervalSec"))
            draft.Problems.Invalid("resource.timeoutSec", check["timeoutSec"]!.ToString(), $"Must not be larger than checkIntervalSec, which is {check["checkIntervalSec"]}.");

        if (!Types.TryGetValue(check.Text("type") ?? "", out var type))
        {
            draft.Problems.Invalid("resource.type", check["type"]?.ToString(), $"The local cloud's probers know {string.Join(" and ", Types.Keys)}.");
            return;
        }
        foreach (var (other, _) in check.Where(m => m.Key.EndsWith("HealthCheck", StringComparison.Ordinal) && m.Key != type.Member).ToList())
        {
            if (draft.IsInsert || draft.Before![other] is null)
                draft.Problems.Invalid($"resource.{other}", check[other]?.ToJsonString(), $"The type is {check.Text("type")}, so that only {type.Member} may be set.");
            else
                check.Remove(other);
        }
        var settings = check.Ensure(type.Member);
        var field = $"resource.{type.Member}";
        if (settings["portSpecification"] is { } specification && settings.Text("portSpecification") is not ("USE_FIXED_PORT" or "USE_SERVING_PORT"))
            draft.Problems.Invalid($"{field}.portSpecification", specification.ToString(), "Must be USE_FIXED_PORT, or, for a proxy's backends, USE_SERVING_PORT.");
        if (!UsesServingPort(check))
            settings.Default("port", type.DefaultPort);
        else if (settings["port"] is { } fixedPort && draft.IsInsert)
            draft.Problems.Invalid($"{field}.port", fixedPort.ToString(), "With USE_SERVING_PORT the port is the one that a backend serves on; leave it out.");
        else
            settings.Remove("port");
        settings.Default("proxyHeader", "NONE");
        draft.Range(settings, "port", $"{field}.port", 1, 65535);
        if (type.Member == "httpHealthCheck")
        {
            settings.Default("requestPath", "/");
            if (settings.Text("requestPath") is not { } path || !path.StartsWith('/'))
                draft.Problems.Invalid($"{field}.requestPath", settings["requestPath"]?.ToString(), "Must start with a slash.");
        }
    }
}
