using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>List answers: filter, order, pages, and the aggregated form over all scopes.</summary>
internal static class Lists
{
    /// <param name="itemKind">For example firewall, for the kind compute#firewallList.</param>
    /// <param name="path">The list's own path, projects/P/….</param>
    /// <param name="items">All items, in the order of their names.</param>
    /// <param name="query">filter, orderBy, maxResults, pageToken.</param>
    public static ApiAnswer Plain(string itemKind, string path, IEnumerable<JsonObject> items, ApiQuery query)
    {
        var (page, next) = Page(Select(items, query), query);
        var body = Header($"compute#{itemKind}List", path);
        if (page.Count > 0)
            body["items"] = new JsonArray([.. page.Select(i => i.DeepClone())]);
        return new ApiAnswer(WithNext(body, path, next));
    }

    /// <param name="collection">The member that holds the items of a scope.</param>
    /// <param name="items">All items with the scope of each (<c>zones/Z</c>, <c>regions/R</c> or <c>global</c>).</param>
    /// <param name="scopes">The scopes that are always shown, with a warning when nothing is there.</param>
    public static ApiAnswer Aggregated(string itemKind, string collection, string project, IEnumerable<(string Scope, JsonObject Json)> items, IEnumerable<string> scopes, ApiQuery query)
    {
        var path = $"projects/{project}/aggregated/{collection}";
        var scopeOf = new Dictionary<JsonObject, string>(ReferenceEqualityComparer.Instance);
        foreach (var (scope, json) in items)
            scopeOf[json] = scope;
        var (page, next) = Page(Select(scopeOf.Keys, query), query);

        var byScope = new JsonObject();
        foreach (var group in page.GroupBy(i => scopeOf[i]).OrderBy(g => g.Key, StringComparer.Ordinal))
            byScope[group.Key] = new JsonObject { [collection] = new JsonArray([.. group.Select(i => i.DeepClone())]) };
        foreach (var scope in scopes.Where(s => !byScope.ContainsKey(s)))
        {
            byScope[scope] = new JsonObject
            {
                ["warning"] = new JsonObject
                {
                    ["code"] = "NO_RESULTS_ON_PAGE",
                    ["message"] = $"There are no results for scope '{scope}' on this page.",
                    ["data"] = new JsonArray(new JsonObject { ["key"] = "scope", ["value"] = scope }),
                },
            };
        }
        var body = Header($"compute#{itemKind}AggregatedList", path);
        body["items"] = byScope;
        return new ApiAnswer(WithNext(body, path, next));
    }

    /// <summary>The scopes that an aggregated list shows.</summary>
    public static IEnumerable<string> AggregatedScopes(Kinds.Scopes scopes, bool all)
    {
        if (all || scopes.HasFlag(Kinds.Scopes.Global))
            yield return "global";
        if (all || scopes.HasFlag(Kinds.Scopes.Regional))
        {
            foreach (var region in Geography.Regions)
                yield return $"regions/{region.Name}";
        }
        if (all || scopes.HasFlag(Kinds.Scopes.Zonal))
        {
            foreach (var zone in Geography.Zones)
                yield return $"zones/{zone}";
        }
    }

    public static IEnumerable<JsonObject> Select(IEnumerable<JsonObject> items, ApiQuery query)
    {
        if (query.Text("filter") is { } filter)
            items = items.Where(ListFilter.Parse(filter));
        return query.Text("orderBy") switch
        {
            null or "name" or "name asc" => items,
            "creationTimestamp desc" => items.NewestFirst(i => i),
            var other => throw ApiException.Of(400, "invalid", $"Invalid value for field 'orderBy': '{other}'. Must be name or creationTimestamp desc."),
        };
    }

    private static (List<JsonObject> Items, string? NextToken) Page(IEnumerable<JsonObject> items, ApiQuery query)
    {
        var most = (int)(query.Integer("maxResults", 0, 500) ?? 500);
        var rest = items;
        if (query.Text("pageToken") is { } token)
        {
            var last = Decode(token);
            rest = items.SkipWhile(i => Key(i) != last).Skip(1);
        }
        var page = rest.Take(most + 1).ToList();
        if (page.Count <= most || most == 0)
            return ([.. page.Take(most)], null);
        page.RemoveAt(most);
        return (page, Convert.ToBase64String(Encoding.UTF8.GetBytes(Key(page[^1]))));
    }

    private static string Key(JsonObject item) => item.Text("selfLink") ?? item.Text("name") ?? "";

    private static string Decode(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw ApiException.Of(400, "invalid", $"Invalid value for field 'pageToken': '{token}'. It must be the nextPageToken of an earlier answer.");
    }

    private static JsonObject Header(string kind, string path) => new() { ["kind"] = kind, ["id"] = path };

    private static JsonObject WithNext(JsonObject body, string path, string? next)
    {
        if (next is not null)
            body["nextPageToken"] = next;
        body["selfLink"] = ResourceLink.Base + path;
        return body;
    }
}
