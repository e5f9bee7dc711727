using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>Where a URL map sends a request, by its host and then by its path (https://cloud.google.com/load-balancing/docs/url-map-concepts).</summary>
internal sealed class UrlRouting
{
    private readonly UrlTarget? _default;
    private readonly Dictionary<string, PathMatcher> _byHost = new(StringComparer.OrdinalIgnoreCase);

    private UrlRouting(JsonObject urlMap)
    {
        _default = UrlTarget.OfDefaults(urlMap);
        var matchers = urlMap.Objects("pathMatchers").DistinctBy(m => m.Text("name")).ToDictionary(m => m.Text("name") ?? "", m => new PathMatcher(m, _default), StringComparer.Ordinal);
        foreach (var rule in urlMap.Objects("hostRules"))
        {
            if (matchers.TryGetValue(rule.Text("pathMatcher") ?? "", out var matcher))
            {
                foreach (var host in rule.Texts("hosts"))
                    _byHost.TryAdd(host, matcher);
            }
        }
    }

    public static UrlRouting Of(JsonObject urlMap) => new(urlMap);

    /// <summary>Every backend service that a request may be sent to.</summary>
    public IEnumerable<ResourceName> Services =>
        _byHost.Values.SelectMany(m => m.Targets).Append(_default).OfType<UrlTarget>().SelectMany(t => t.Services).Select(s => s.Name).Distinct();

    /// <param name="host">As the request names it, with or without a port.</param>
    /// <param name="path">Begins with a slash, has no query.</param>
    /// <returns>Null when the map says nothing of it.</returns>
    public UrlTarget? Find(string host, string path)
    {
        var name = host.StartsWith('[') ? host : host.Split(':')[0];
        var matcher = _byHost.GetValueOrDefault(name)
            ?? _byHost.Where(h => h.Key.Length > 1 && h.Key[0] == '*' && name.EndsWith(h.Key[1..], StringComparison.OrdinalIgnoreCase) && name.Length >= h.Key.Length)
                .OrderByDescending(h => h.Key.Length).Select(h => h.Value).FirstOrDefault()
            ?? _byHost.GetValueOrDefault("*");
        return matcher is null ? _default : matcher.Find(path);
    }

    /// <summary>The path rules of one set of hosts: an exact path wins, then the longest prefix that ends in <c>/*</c>.</summary>
    private sealed class PathMatcher(JsonObject json, UrlTarget? orElse)
    {
        private readonly UrlTarget? _default = UrlTarget.OfDefaults(json) ?? orElse;
        private readonly IReadOnlyList<(string Pattern, UrlTarget Target)> _rules =
            [.. json.Objects("pathRules").SelectMany(r => r.Texts("paths").Select(p => (p, UrlTarget.OfRule(r, p)))).OrderByDescending(r => r.p.Length)];

        public IEnumerable<UrlTarget?> Targets => _rules.Select(r => (UrlTarget?)r.Target).Append(_default);

        public UrlTarget? Find(string path)
        {
            var exact = _rules.FirstOrDefault(r => r.Pattern == path).Target;
            return exact ?? _rules.FirstOrDefault(r => r.Pattern.EndsWith("/*", StringComparison.Ordinal) && path.StartsWith(r.Pattern[..^1], StringComparison.Ordinal)).Target ?? _default;
        }
    }
}

/// <summary>What becomes of a request: it goes to one of some backend services, or the client is told to go elsewhere.</summary>
/// <param name="Services">With the weight of each; empty for a redirect.</param>
/// <param name="Redirect">An HttpRedirectAction; null when there is none.</param>
/// <param name="Rewrite">A UrlRewrite; null when the request is passed on as it came.</param>
/// <param name="Prefix">What of the path the rule has matched.</param>
internal sealed record UrlTarget(IReadOnlyList<(ResourceName Name, long Weight)> Services, JsonObject? Redirect, JsonObject? Rewrite, string Prefix)
{
    /// <summary>Of a URL map or path matcher; null when it has no defaults.</summary>
    public static UrlTarget? OfDefaults(JsonObject json) => Read(json.Text("defaultService"), json.Object("defaultUrlRedirect"), json.Object("defaultRouteAction"), "/") is { IsNothing: false } target ? target : null;

    public static UrlTarget OfRule(JsonObject rule, string pattern) =>
        Read(rule.Text("service"), rule.Object("urlRedirect"), rule.Object("routeAction"), pattern.EndsWith("/*", StringComparison.Ordinal) ? pattern[..^1] : pattern);

    private bool IsNothing => Services.Count == 0 && Redirect is null;

    /// <summary>The service for one more request, by weight.</summary>
    /// <param name="draw">At least 0 and less than 1.</param>
    public ResourceName? Choose(double draw)
    {
        var at = draw * Services.Sum(s => s.Weight);
        foreach (var (name, weight) in Services)
        {
            if ((at -= weight) < 0)
                return name;
        }
        return null;
    }

    private static UrlTarget Read(string? service, JsonObject? redirect, JsonObject? action, string prefix)
    {
        var services = new List<(ResourceName, long)>();
        foreach (var weighted in action?.Objects("weightedBackendServices") ?? [])
        {
            if (ResourceName.FromLink(weighted.Text("backendService")) is { } name && weighted.Integer("weight") is { } weight and > 0)
                services.Add((name, weight));
        }
        if (services.Count == 0 && ResourceName.FromLink(service) is { } only)
            services.Add((only, 1));
        return new(services, redirect, action?.Object("urlRewrite"), prefix);
    }
}
