using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Regional backend services of internal load balancers, passthrough ones and Application Load Balancers (https://cloud.google.com/compute/docs/reference/rest/v1/regionBackendServices).</summary>
internal sealed class BackendServices : ResourceKind
{
    /// <summary>Services that can be made and read. No forwarding rule can lead to them here.</summary>
    private static readonly string[] OnlyKept = ["EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"];

    private const string Persistence = "connectionPersistenceOnUnhealthyBackends";

    private static readonly string[] Persistences = ["DEFAULT_FOR_PROTOCOL", "NEVER_PERSIST", "ALWAYS_PERSIST"];

    public override string Collection => "backendServices";

    public override string Singular => "backendService";

    public override Scopes Scopes => Scopes.Regional;

    public override Methods Methods => Methods.All;

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links =>
        [new("healthChecks[]", "healthChecks"), new("backends[].group", "instanceGroups"), new("network", "networks")];

    public override IReadOnlyList<string> Immutable => ["loadBalancingScheme"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler> { ["getHealth"] = new("POST", GetHealth) };

    public override void Complete(Draft draft)
    {
        var service = draft.Json;
        service.Default("loadBalancingScheme", "EXTERNAL");
        draft.OneOf("loadBalancingScheme", ["INTERNAL", "INTERNAL_MANAGED", .. OnlyKept]);
        if (IsManaged(draft))
            ManagedBackends.Complete(draft);
        else if (service.Text("loadBalancingScheme") == "INTERNAL")
            Passthrough(draft);
        else
            service.Default("protocol", "HTTP");
        if (service.Text("protocol") == "HTTP")
        {
            service.Default("portName", "http");
            service.Default("port", 80); // Of no effect beside a port name; the real service shows it still.
        }
        service.Default("timeoutSec", 30);
        service.Default("sessionAffinity", "NONE");
        service.Default("affinityCookieTtlSec", 0);
        service.Default("description", "");
        service.Ensure("connectionDraining").Default("drainingTimeoutSec", 0);
        draft.Range(service.Ensure("connectionDraining"), "drainingTimeoutSec", "resource.connectionDraining.drainingTimeoutSec", 0, 3600);
        draft.Range(service, "timeoutSec", "resource.timeoutSec", 1, 86400);
        if (service["healthChecks"] is JsonArray { Count: > 1 } checks)
            draft.Problems.Invalid("resource.healthChecks", $"{checks.Count} health checks", "At most one health check may be given.");
        if (service["healthChecks"] is not JsonArray { Count: > 0 })
            draft.Problems.Required("resource.healthChecks");
        HideSecret(service);
        Backends(draft);
    }

    private static bool IsManaged(Draft draft) => draft.Json.Text("loadBalancingScheme") == "INTERNAL_MANAGED";

    private static void Passthrough(Draft draft)
    {
        var service = draft.Json;
        service.Default("protocol", "TCP");
        draft.OneOf("protocol", "TCP", "UDP", "UNSPECIFIED");
        if (service["portName"] is not null)
            draft.Problems.Invalid("resource.portName", service["portName"]!.ToString(), "A port name cannot be used with load balancing scheme INTERNAL.");
        if (service.Object("connectionTrackingPolicy")?.Text(Persistence) is { } persistence && !Persistences.Contains(persistence))
            draft.Problems.Invalid($"resource.connectionTrackingPolicy.{Persistence}", persistence, $"Must be one of {string.Join(", ", Persistences)}.");
        foreach (var check in service.Texts("healthChecks").Where(c => ResourceName.FromLink(c) is { } name && draft.Store.Find(name) is { } json && HealthChecks.UsesServingPort(json)))
            draft.Problems.Invalid("resource.healthChecks", check, "An internal passthrough load balancer needs a health check with portSpecification USE_FIXED_PORT.");
    }

    /// <summary>The secret of an OAuth client is never shown again; its hash is.</summary>
    private static void HideSecret(JsonObject service)
    {
        if (service.Object("iap") is not { } iap || iap.Text("oauth2ClientSecret") is not { } secret)
            return;
        iap["oauth2ClientSecretSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        iap.Remove("oauth2ClientSecret");
    }

    private static void Backends(Draft draft)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var backend in draft.Json.Objects("backends"))
        {
            var field = $"resource.backends[{index++}]";
            var isPassthrough = draft.Json.Text("loadBalancingScheme") == "INTERNAL";
            if (!isPassthrough)
                ManagedBackends.Complete(draft, backend, field);
            else
                backend.Default("balancingMode", "CONNECTION");
            if (isPassthrough && backend.Text("balancingMode") != "CONNECTION")
                draft.Problems.Invalid($"{field}.balancingMode", backend["balancingMode"]?.ToString(), "Must be CONNECTION for load balancing scheme INTERNAL.");
            if (backend.Text("group") is not { } link)
                draft.Problems.Required($"{field}.group");
            else if (!seen.Add(link))
                draft.Problems.Invalid($"{field}.group", link, "The group is listed twice.");
            else if (ResourceName.FromLink(link) is { } group && group.Region != draft.Name.Region)
                draft.Problems.Invalid($"{field}.group", link, $"The instance group must be in region '{draft.Name.Region}'.");
        }
        if (draft.Json["backends"] is JsonArray { Count: 0 })
            draft.Json.Remove("backends");
    }

    private static ApiAnswer GetHealth(VerbCall call)
    {
        var link = call.Call.RequireBody().Text("group") ?? throw ApiException.Of(400, "required", "Required field 'resource.group' not specified");
        if (ResourceLink.Resolve(link, call.Name.Project, "global", "instanceGroups") is not { } group
            || !call.Document.Objects("backends").Any(b => b.Text("group") == group.Link))
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'resource.group': '{link}'. The group is no backend of '{call.Name}'.");
        var answer = new JsonObject { ["kind"] = "compute#backendServiceGroupHealth" };
        var states = call.Control.GetHealth(call.Name, group);
        if (states.Count > 0)
        {
            answer["healthStatus"] = new JsonArray([.. states.Select(Describe)]);
        }
        return new ApiAnswer(answer);
    }

    private static JsonObject Describe(InstanceHealth health)
    {
        var status = new JsonObject { ["healthState"] = health.State, ["instance"] = health.Instance.Link, ["ipAddress"] = health.Address, ["port"] = health.Port };
        if (health.ForwardingRule is { } rule)
        {
            status["forwardingRule"] = rule.Link;
            status["forwardingRuleIp"] = health.ForwardingRuleAddress;
        }
        return status;
    }
}
