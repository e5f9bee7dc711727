using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Finds the method that a URL means (https://cloud.google.com/compute/docs/reference/rest/v1) and has it carried out.</summary>
internal sealed class ComputeApi(ComputeServices services, IComputeControl control, OperationRunner operations, OperationsApi operationsApi)
{
    private readonly ResourceApi _resources = new(services, control, operations);
    private readonly ProjectsApi _projects = new(services, operations);

    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        if (call.Path is not ["projects", var project, ..])
            throw ApiException.NotFound(call.Url);
        var path = call.Path.Skip(2).ToList();
        CheckScope(path);
        if (call.Method == "GET" && CatalogueApi.Answer(project, path, call.Query, services.Quotas) is { } fixedAnswer)
            return fixedAnswer;
        if (await operationsApi.AnswerAsync(call, project, path, cancellationToken) is { } operation)
            return operation;
        _projects.Ensure(project);
        return services.Store.Transact(() => Repeated(call) ?? (call.Method == "GET" ? Read(call, project, path) : Change(call, project, path)) ?? throw Unknown(call.Method, path));
    }

    private ApiAnswer? Read(ApiCall call, string project, IReadOnlyList<string> path)
    {
        switch (path)
        {
            case []:
                return _projects.Get(project);
            case ["global", "images", "family", var family]:
                return new ApiAnswer(ImageLookup.NewestOf(services.Store, project, family) ?? throw ApiException.NotFound($"projects/{project}/global/images/family/{family}"));
            case ["aggregated", var collection] when ResourceTable.Find(collection) is { } kind:
                return Lists.Aggregated(kind.Singular, collection, project,
                    services.Store.List(collection).Where(r => r.Name.Project == project).Select(r => (r.Name.Scope, kind.View(r.Name, r.Json, services.Store))),
                    Lists.AggregatedScopes(kind.Scopes, call.Query.Flag("includeAllScopes")), call.Query);
        }
        if (DefaultRoutes.Answer(services.Store, project, path, call.Query) is { } routes)
            return routes;
        if (Locate(path) is not var (scope, rest) || Find(scope, rest[0]) is not { } found)
            return null;
        switch (rest)
        {
            case [var collection] when found.MethodsIn(scope).HasFlag(Methods.List):
                return Lists.Plain(found.ListKind(scope), $"projects/{project}/{scope}/{collection}",
                    services.Store.List(collection).Where(r => r.Name.Project == project && r.Name.Scope == scope).Select(r => found.View(r.Name, r.Json, services.Store)), call.Query);
            case [var collection, var id] when found.MethodsIn(scope).HasFlag(Methods.Get):
                return _resources.Get(found, new ResourceName(project, scope, collection, id));
            default:
                return Invoke(call, project, scope, rest, found);
        }
    }

    private ApiAnswer? Change(ApiCall call, string project, IReadOnlyList<string> path)
    {
        if (path is ["setCommonInstanceMetadata"] && call.Method == "POST")
            return _projects.SetMetadata(project, call);
        if (Locate(path) is not var (scope, rest) || Find(scope, rest[0]) is not { } kind)
            return null;
        switch (call.Method, rest)
        {
            case ("POST", [_]) when kind.MethodsIn(scope).HasFlag(Methods.Insert):
                return _resources.Insert(kind, project, scope, call);
            case ("DELETE", [var collection, var id]) when kind.MethodsIn(scope).HasFlag(Methods.Delete):
                return _resources.Delete(kind, new ResourceName(project, scope, collection, id), call);
            case ("PATCH", [var collection, var id]) when kind.MethodsIn(scope).HasFlag(Methods.Patch):
                return _resources.Patch(kind, new ResourceName(project, scope, collection, id), call);
            case ("PUT", [var collection, var id]) when kind.MethodsIn(scope).HasFlag(Methods.Update):
                return _resources.Update(kind, new ResourceName(project, scope, collection, id), call);
            default:
                return Invoke(call, project, scope, rest, kind);
        }
    }

    private ApiAnswer? Invoke(ApiCall call, string project, string scope, IReadOnlyList<string> rest, ResourceKind kind) =>
        rest is [var collection, var id, var verb] && kind.Verbs.TryGetValue(verb, out var handler) && handler.Method == call.Method
            ? _resources.Invoke(kind, new ResourceName(project, scope, collection, id), verb, handler, call)
            : null;

    /// <summary>The operation that the same request started before, when it says that it may be a repetition.</summary>
    private ApiAnswer? Repeated(ApiCall call)
    {
        if (call.Method == "GET" || call.RequestId is not { } requestId)
            return null;
        if (!Guid.TryParse(requestId, out var parsed) || parsed == Guid.Empty)
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'requestId': '{requestId}'. Must be a UUID other than 00000000-0000-0000-0000-000000000000.");
        return operations.FindRepeated(requestId, $"{call.Method} {call.Url}") is { } operation ? new ApiAnswer(operation) : null;
    }

    private static ResourceKind? Find(string scope, string collection) =>
        ResourceTable.Find(collection) is { } kind && kind.Scopes.HasFlag(scope switch
        {
            "global" => Scopes.Global,
            _ when scope.StartsWith("regions/", StringComparison.Ordinal) => Scopes.Regional,
            _ => Scopes.Zonal,
        }) ? kind : null;

    /// <summary>Parts a path into its scope and what is in it.</summary>
    private static (string Scope, IReadOnlyList<string> Inside)? Locate(IReadOnlyList<string> path) => path switch
    {
        ["global", _, ..] => ("global", [.. path.Skip(1)]),
        ["zones" or "regions", var place, _, ..] => ($"{path[0]}/{place}", [.. path.Skip(2)]),
        _ => null,
    };

    private static void CheckScope(List<string> path)
    {
        if (path is ["zones" or "regions", var place, _, ..] && place != "-" && !Geography.HasScope($"{path[0]}/{place}"))
        {
            var what = path[0][..^1];
            throw ApiException.Of(400, "invalid", $"Invalid value for field '{what}': '{place}'. Unknown {what}.");
        }
    }

    private static ApiException Unknown(string method, List<string> path)
    {
        var rest = Locate(path)?.Inside ?? path;
        var verb = (method, rest.Count) switch
        {
            (_, > 2) => rest[2],
            ("GET", 1) => "list",
            ("GET", _) => path[0] == "aggregated" ? "aggregatedList" : "get",
            ("POST", _) => "insert",
            ("PUT", _) => "update",
            _ => method.ToLowerInvariant(),
        };
        return ApiException.NotImplemented($"compute.{(path is ["aggregated", var collection] ? collection : rest.Count > 0 ? rest[0] : "projects")}.{verb}");
    }
}
