using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>URL maps of regional load balancers (https://cloud.google.com/compute/docs/reference/rest/v1/regionUrlMaps).</summary>
internal sealed class UrlMaps : ResourceKind
{
    public override string Collection => "urlMaps";

    public override string Singular => "urlMap";

    public override Scopes Scopes => Scopes.Regional;

    public override Methods Methods => Methods.All;

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links =>
    [
        new("defaultService", "backendServices"), new("defaultRouteAction.weightedBackendServices[].backendService", "backendServices"),
        new("pathMatchers[].defaultService", "backendServices"), new("pathMatchers[].defaultRouteAction.weightedBackendServices[].backendService", "backendServices"),
        new("pathMatchers[].pathRules[].service", "backendServices"), new("pathMatchers[].pathRules[].routeAction.weightedBackendServices[].backendService", "backendServices"),
        new("tests[].service", "backendServices", Holds: false),
    ];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler> { ["validate"] = new("POST", Validate) { NeedsResource = false } };

    public override void Complete(Draft draft)
    {
        Check(draft);
        foreach (var failure in FailedTests(draft.Json))
            draft.Problems.Invalid("resource.tests", "", $"Test failure: expected '{failure.Text("host")}{failure.Text("path")}' to map to service '{failure.Text("expectedService")}', but it maps to '{failure.Text("actualService")}'.");
    }

    /// <summary>Says whether a map could be made, and whether its tests pass, without making it.</summary>
    private static ApiAnswer Validate(VerbCall call)
    {
        if (call.Call.RequireBody().Object("resource")?.DeepClone() is not JsonObject json)
            throw ApiException.Of(400, "required", "Required field 'resource' not specified");
        var draft = new Draft(call.Name, json, null, call.Services, new Problems());
        ResourceTable.ResolveLinks(new UrlMaps(), draft);
        Check(draft);
        var failures = FailedTests(json).ToArray<JsonNode>();
        var result = new JsonObject { ["loadSucceeded"] = !draft.Problems.Any };
        if (draft.Problems.Any)
            result["loadErrors"] = new JsonArray([.. draft.Problems.Messages.Select(m => (JsonNode)m)]);
        else
            result["testPassed"] = failures.Length == 0;
        if (failures.Length > 0 && !draft.Problems.Any)
            result["testFailures"] = new JsonArray(failures);
        return new ApiAnswer(new JsonObject { ["result"] = result });
    }

    private static void Check(Draft draft)
    {
        var map = draft.Json;
        foreach (var link in new UrlMaps().Links.SelectMany(l => JsonMembers.Values(map, l.Path)).Distinct(StringComparer.Ordinal))
        {
            if (ResourceName.FromLink(link) is { } name && draft.Store.Find(name)?.Text("loadBalancingScheme") == "INTERNAL")
                draft.Problems.Invalid("resource.defaultService", link, "A URL map leads to backend services behind proxies; this one's load balancing scheme is INTERNAL.");
        }
        var matchers = map.Objects("pathMatchers").Select(m => m.Text("name") ?? "").ToList();
        var used = Hosts(draft, matchers);
        for (var index = 0; index < matchers.Count; index++)
        {
            Naming.CheckName(draft.Problems, $"resource.pathMatchers[{index}].name", matchers[index]);
            if (matchers.IndexOf(matchers[index]) != index)
                draft.Problems.Invalid($"resource.pathMatchers[{index}].name", matchers[index], "The name is used twice.");
            else if (!used.Contains(matchers[index]))
                draft.Problems.Invalid($"resource.pathMatchers[{index}].name", matchers[index], "No host rule names the path matcher.");
            Paths(draft, map.Objects("pathMatchers").ElementAt(index), $"resource.pathMatchers[{index}]");
        }
        foreach (var test in map.Objects("tests"))
            test.Default("description", "");
    }

    /// <returns>The path matchers that host rules name.</returns>
    private static HashSet<string> Hosts(Draft draft, List<string> matchers)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var index = 0;
        foreach (var rule in draft.Json.Objects("hostRules"))
        {
            var field = $"resource.hostRules[{index++}]";
            if (rule["hosts"] is not JsonArray { Count: > 0 })
                draft.Problems.Required($"{field}.hosts");
            foreach (var host in rule.Texts("hosts"))
            {
                if (!IsHost(host))
                    draft.Problems.Invalid($"{field}.hosts", host, "Must be a host name, or * in place of its beginning, followed by a dot or a dash.");
                else if (!seen.Add(host))
                    draft.Problems.Invalid($"{field}.hosts", host, "The host is listed twice.");
            }
            if (rule.Text("pathMatcher") is not { } matcher)
                draft.Problems.Required($"{field}.pathMatcher");
            else if (!matchers.Contains(matcher, StringComparer.Ordinal))
                draft.Problems.Invalid($"{field}.pathMatcher", matcher, $"There is no such path matcher. There {(matchers.Count == 0 ? "is none" : $"are: {string.Join(", ", matchers)}")}.");
            else
                used.Add(matcher);
        }
        return used;
    }

    private static void Paths(Draft draft, JsonObject matcher, string field)
    {
        if (matcher["routeRules"] is JsonArray { Count: > 0 } rules)
            draft.Problems.Invalid($"{field}.routeRules", $"{rules.Count} rules", "The local cloud's proxies know pathRules.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var rule in matcher.Objects("pathRules"))
        {
            var at = $"{field}.pathRules[{index++}]";
            if (rule["paths"] is not JsonArray { Count: > 0 })
                draft.Problems.Required($"{at}.paths");
            foreach (var path in rule.Texts("paths"))
            {
                if (!path.StartsWith('/') || path.AsSpan().ContainsAny('?', '#') || path.Replace("/*", "/", StringComparison.Ordinal).Contains('*', StringComparison.Ordinal) || (path.Contains('*', StringComparison.Ordinal) && path.IndexOf('*', StringComparison.Ordinal) != path.Length - 1))
                    draft.Problems.Invalid($"{at}.paths", path, "Must start with a slash; a * may only be at the end and behind a slash; no query or fragment.");
                else if (!seen.Add(path))
                    draft.Problems.Invalid($"{at}.paths", path, "The path is listed twice.");
            }
            if (rule["service"] is not null && rule["urlRedirect"] is not null)
                draft.Problems.Invalid($"{at}.service", rule.Text("service"), "Either service or urlRedirect may be given, not both.");
            else if (rule["service"] is null && rule["urlRedirect"] is null && rule["routeAction"] is null)
                draft.Problems.Required($"{at}.service");
        }
    }

    private static bool IsHost(string host)
    {
        var rest = host.StartsWith('*') ? host[1..] : host;
        return host == "*" || (rest.Length is > 0 and <= 255 && (rest == host || rest[0] is '.' or '-')
            && rest.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
    }

    /// <summary>The map's own tests that do not come out as they say; one that names no service tests nothing here.</summary>
    private static IEnumerable<JsonObject> FailedTests(JsonObject map)
    {
        var routing = UrlRouting.Of(map);
        foreach (var test in map.Objects("tests").Where(t => t.Text("service") is not null))
        {
            var path = (test.Text("path") ?? "/").Split('?')[0];
            var actual = routing.Find(test.Text("host") ?? "", path) is { Services: [var (name, _), ..] } ? name.Link : "";
            if (actual != test.Text("service"))
                yield return new JsonObject { ["host"] = test.Text("host"), ["path"] = test.Text("path"), ["expectedService"] = test.Text("service"), ["actualService"] = actual };
        }
    }
}
