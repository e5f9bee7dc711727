using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>What a request calls, as far as its URL says: enough to choose a fault by.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Scope">global, zones/Z or regions/R; empty where there is none.</param>
/// <param name="Name">Null when the call is about a whole collection, or says the name in its body.</param>
internal sealed record ApiMethod(string Method, string? Project, string Scope, string Collection, string Verb, string? Name)
{
    /// <summary>Null for a request of neither API.</summary>
    public static ApiMethod? Of(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.StartsWith(ApiWire.PathPrefix, StringComparison.Ordinal))
            return OfCompute(request.Method, path[ApiWire.PathPrefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries));
        return StorageAddress.Of(request) is { } address ? OfStorage(request, address) : null;
    }

    private static ApiMethod? OfCompute(string method, string[] path)
    {
        if (path is not ["projects", var project, .. var inside])
            return null;
        return inside switch
        {
            [] => new(method, project, "", "projects", "get", project),
            ["aggregated", var collection] => new(method, project, "", collection, "aggregatedList", null),
            ["global", .. var rest] => In("global", rest),
            ["zones" or "regions", _, _, ..] => In($"{inside[0]}/{inside[1]}", inside[2..]),
            _ => In("", inside),
        };

        ApiMethod? In(string scope, string[] rest) => rest switch
        {
            [var collection] => new(method, project, scope, collection, method == "GET" ? "list" : "insert", null),
            [var collection, var name] => new(method, project, scope, collection, VerbOf(method), name),
            [var collection, var name, var verb, ..] => new(method, project, scope, collection, verb, name),
            _ => null,
        };
    }

    private static ApiMethod? OfStorage(HttpRequest request, StorageAddress address)
    {
        var method = request.Method;
        var project = request.Query["project"].FirstOrDefault();
        return (address.Family, address.Segments) switch
        {
            (StorageFamily.Xml, [_, var name]) => new(method, project, "", "objects", VerbOf(method), name),
            (_, ["b"]) => new(method, project, "", "buckets", method == "GET" ? "list" : "insert", null),
            (_, ["b", var bucket]) => new(method, project, "", "buckets", VerbOf(method), bucket),
            (_, ["b", _, "o"]) => new(method, project, "", "objects", method == "GET" ? "list" : "insert", request.Query["name"].FirstOrDefault()),
            (_, ["b", _, "o", var name]) => new(method, project, "", "objects", VerbOf(method), name),
            (_, ["b", _, "o", var name, var verb, ..]) => new(method, project, "", "objects", verb, name),
            (_, ["b", var bucket, var verb, ..]) => new(method, project, "", "buckets", verb, bucket),
            _ => null,
        };
    }

    private static string VerbOf(string method) => method switch
    {
        "PUT" => "update",
        "POST" => "insert",
        "HEAD" => "get",
        _ => method.ToLowerInvariant(),
    };
}
