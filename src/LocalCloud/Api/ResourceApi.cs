using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>The methods that kinds have in common. Every one of them runs inside one step of the store.</summary>
internal sealed class ResourceApi(ComputeServices services, IComputeControl control, OperationRunner operations)
{
    public ApiAnswer Get(ResourceKind kind, ResourceName name) => new(kind.View(name, Require(name), services.Store));

    public ApiAnswer Insert(ResourceKind kind, string project, string scope, ApiCall call)
    {
        var body = call.RequireBody();
        var name = new ResourceName(project, scope, kind.Collection, body.Text("name") ?? "");
        DocumentMaker.Create(services, kind, name, body, call);
        return Start(kind, name, "insert", call);
    }

    public ApiAnswer Patch(ResourceKind kind, ResourceName name, ApiCall call) =>
        Change(kind, name, call, "patch", before => JsonMerge.Apply(before, call.RequireBody()));

    public ApiAnswer Update(ResourceKind kind, ResourceName name, ApiCall call) =>
        Change(kind, name, call, "update", _ => (JsonObject)call.RequireBody().DeepClone());

    public ApiAnswer Delete(ResourceKind kind, ResourceName name, ApiCall call)
    {
        kind.CheckDelete(name, RequireReady(name));
        if (kind.UserOf(name, services.Store) is { } user)
        {
            throw ApiException.Of(400, "resourceInUseByAnotherResource",
                $"The {ResourceTable.SnakeCase(kind.Singular)} resource '{name}' is already being used by '{user}'");
        }
        services.Store.Update(name, json => Local.Set(json, Local.Deleting, true));
        return Start(kind, name, "delete", call);
    }

    public ApiAnswer Invoke(ResourceKind kind, ResourceName name, string verb, VerbHandler handler, ApiCall call) =>
        handler.Handle(new VerbCall(call, name, handler.Method == "GET" ? Require(name) : RequireReady(name), services, control, () => Start(kind, name, verb, call)));

    private ApiAnswer Change(ResourceKind kind, ResourceName name, ApiCall call, string verb, Func<JsonObject, JsonObject> change)
    {
        var before = RequireReady(name);
        if (kind.HasFingerprint && call.RequireBody().Text("fingerprint") is { } seen && seen != before.Text("fingerprint"))
            throw ApiException.StaleFingerprint("resource");
        DocumentMaker.Replace(services, kind, name, before, change((JsonObject)before.DeepClone()), call);
        return Start(kind, name, verb, call);
    }

    private JsonObject Require(ResourceName name) => services.Store.Find(name) ?? throw ApiException.NotFound(name.Path);

    private JsonObject RequireReady(ResourceName name) =>
        Require(name) is var json && json.IsDeleting() ? throw ApiException.NotReady(name) : json;

    private ApiAnswer Start(ResourceKind kind, ResourceName name, string verb, ApiCall call) => new(operations.Start(new OperationRequest(
        kind.QualifiesOperations ? $"compute.{kind.Collection}.{verb}" : verb, verb, name,
        services.Store.Find(name)?.Text("id"), call.RequestId, $"{call.Method} {call.Url}")));
}
