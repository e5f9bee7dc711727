using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>The methods of operations: get, list, wait, delete, in every scope and aggregated.</summary>
internal sealed class OperationsApi(DocumentStore operations, OperationRunner runner)
{
    /// <summary>As documented: a wait returns when the operation is done or after two minutes, whichever is first.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <returns>Null when the path is none of the operations'.</returns>
    public async Task<ApiAnswer?> AnswerAsync(ApiCall call, string project, IReadOnlyList<string> path, CancellationToken cancellationToken)
    {
        if (path is ["aggregated", "operations"] && call.Method == "GET")
        {
            return Lists.Aggregated("operation", "operations", project, Of(project).Select(o => (o.Name.Scope, o.Json)),
                Lists.AggregatedScopes(Kinds.Scopes.Global | Kinds.Scopes.Regional | Kinds.Scopes.Zonal, all: true), call.Query);
        }
        var scope = path is ["global", ..] ? "global" : path.Count > 1 ? $"{path[0]}/{path[1]}" : "";
        var rest = path.Skip(scope == "global" ? 1 : 2).ToList();
        if (rest is not ["operations", ..])
            return null;
        var name = new ResourceName(project, scope, "operations", rest.ElementAtOrDefault(1) ?? "");
        return (call.Method, rest.Count, rest.ElementAtOrDefault(2)) switch
        {
            ("GET", 1, _) => Lists.Plain("operation", $"projects/{project}/{scope}/operations", Of(project).Where(o => o.Name.Scope == scope).Select(o => o.Json), call.Query),
            ("GET", 2, _) => new ApiAnswer(operations.Find(name) ?? throw ApiException.NotFound(name.Path)),
            ("POST", 3, "wait") => new ApiAnswer(await runner.WaitAsync(name, LongestWait, cancellationToken) ?? throw ApiException.NotFound(name.Path)),
            ("DELETE", 2, _) => operations.Remove(name) ? new ApiAnswer(null) : throw ApiException.NotFound(name.Path),
            _ => null,
        };
    }

    private IEnumerable<(ResourceName Name, System.Text.Json.Nodes.JsonObject Json)> Of(string project) =>
        operations.List("operations").Where(o => o.Name.Project == project);
}
