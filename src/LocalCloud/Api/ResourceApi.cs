using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>The methods that kinds have in common. Every one of them runs inside one step of the store.</summary>
internal sealed class ResourceApi(ComputeServices services, IComputeControl control, OperationRunner operations)
{
    public ApiAnswer Get(ResourceKind kind, ResourceName name)
    {
        var json = Require(name);
        var call = new ApiMethod("GET", name.Project, name.Scope, name.Collection, "get", name.Id);
        return services.Faults.Hides(call, json.Text("id") ?? "") ? throw ApiException.NotFound(name.Path) : new(kind.View(name, json, services.Store));
    }

    public ApiAnswer Insert(ResourceKind kind, string project, string scope, ApiCall call)
    {
        var body = call.RequireBody();
        var name = new ResourceName(project, scope, kind.Collection, body.Text("name") ?? "");
        if (services.Store.Find(name) is null && (Fails(kind, name, "insert", call) ?? ExceedsQuota(kind, name, body, call)) is { } failing)
            return failing;
        DocumentMaker.Create(services, kind, name, body, call);
        return Start(kind, name, "insert", call);
    }

    public ApiAnswer Patch(ResourceKind kind, ResourceName name, ApiCall call) =>
        Change(kind, name, call, "patch", before => JsonMerge.Apply(before, call.RequireBody()));

    public ApiAnswer Update(ResourceKind kind, ResourceName name, ApiCall call) =>
        Change(kind, name, call, "update", _ => (JsonObject)call.RequireBody().DeepClone());

    public ApiAnswer Delete(ResourceKind kind, ResourceName name, ApiCall call)
    {
        var json = Require(name);
        // Marked, but nothing at work on it: its operation could not be written. Asking again is how to go on.
        if (json.IsDeleting() && operations.IsWorkedOn(name))
            throw ApiException.NotReady(name);
        kind.CheckDelete(name, json, services.Store);
        if (kind.UserOf(name, services.Store) is { } user)
        {
            throw ApiException.Of(400, "resourceInUseByAnotherResource",
                $"The {ResourceTable.SnakeCase(kind.Singular)} resource '{name}' is already being used by '{user}'");
        }
        if (Fails(kind, name, "delete", call) is { } failing)
            return failing;
        services.Store.Update(name, kind.MarkDeleting);
        return Start(kind, name, "delete", call);
    }

    public ApiAnswer Invoke(ResourceKind kind, ResourceName name, string verb, VerbHandler handler, ApiCall call)
    {
        var document = !handler.NeedsResource ? services.Store.Find(name) ?? [] : handler.Method == "GET" ? Require(name) : RequireReady(name);
        // Methods that only read are called so in this API, also where they are a POST, and have no operation.
        var reads = verb.StartsWith("get", StringComparison.Ordinal) || verb.StartsWith("list", StringComparison.Ordinal) || verb == "validate" || handler.Method == "GET";
        if (!reads && Fails(kind, name, verb, call) is { } failing)
            return failing;
        return handler.Handle(new VerbCall(call, name, document, services, control, () => Start(kind, name, verb, call)));
    }

    private ApiAnswer Change(ResourceKind kind, ResourceName name, ApiCall call, string verb, Func<JsonObject, JsonObject> change)
    {
        var before = RequireReady(name);
        if (kind.HasFingerprint && call.RequireBody().Text("fingerprint") is { } seen && seen != before.Text("fingerprint"))
            throw ApiException.StaleFingerprint("resource");
        if (Fails(kind, name, verb, call) is { } failing)
            return failing;
        DocumentMaker.Replace(services, kind, name, before, change((JsonObject)before.DeepClone()), call);
        return Start(kind, name, verb, call);
    }

    private JsonObject Require(ResourceName name) => services.Store.Find(name) ?? throw ApiException.NotFound(name.Path);

    private JsonObject RequireReady(ResourceName name) =>
        Require(name) is var json && json.IsDeleting() ? throw ApiException.NotReady(name) : json;

    /// <returns>An operation that will fail, because that was asked for; null when nothing of the sort was.</returns>
    private ApiAnswer? Fails(ResourceKind kind, ResourceName name, string verb, ApiCall call) =>
        services.Faults.FailureOf(call.Method, name, verb) is { } failure ? Start(kind, name, verb, call, failure) : null;

    /// <returns>An operation that will fail, as that of an instance does; null when there is room.</returns>
    /// <exception cref="ApiException">There is no room for anything else.</exception>
    private ApiAnswer? ExceedsQuota(ResourceKind kind, ResourceName name, JsonObject body, ApiCall call) => services.Quotas.WhyNot(name, body) switch
    {
        null => null,
        var exceeded when kind.Collection == "instances" => Start(kind, name, "insert", call, new("QUOTA_EXCEEDED", 403, exceeded)),
        var exceeded => throw ApiException.Of(403, "quotaExceeded", exceeded),
    };

    private ApiAnswer Start(ResourceKind kind, ResourceName name, string verb, ApiCall call, OperationFailedException? failure = null) => new(operations.Start(new OperationRequest(
        kind.QualifiesOperations ? $"compute.{kind.Collection}.{verb}" : verb, verb, name,
        services.Store.Find(name)?.Text("id"), call.RequestId, $"{call.Method} {call.Url}", failure)));
}
