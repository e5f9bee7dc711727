using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Operations;

/// <summary>The JSON of an operation (https://cloud.google.com/compute/docs/reference/rest/v1/globalOperations), and how it changes.</summary>
internal static class OperationDocument
{
    /// <summary>In <c>$local</c>: the verb that is being carried out.</summary>
    public const string Verb = "verb";

    /// <summary>In <c>$local</c>: method, URL and request id of the call that started it; absent when the call had no request id.</summary>
    public const string Request = "request";

    /// <summary>In <c>$local</c>: the error that it is to end with, when it was meant to fail from the beginning.</summary>
    private const string Failure = "failure";

    /// <param name="type">As shown: <c>insert</c>, <c>compute.instanceTemplates.insert</c>, …</param>
    public static (ResourceName Name, JsonObject Json) Create(string type, string verb, ResourceName target, string? targetId, string? requestId, string? request, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture,
            $"operation-{now.ToUnixTimeMilliseconds()}-{Random.Shared.NextInt64(1L << 48, 1L << 52):x13}-{Random.Shared.Next():x8}-{Random.Shared.Next():x8}");
        var name = new ResourceName(target.Project, target.Scope, "operations", id);
        var json = new JsonObject
        {
            ["kind"] = "compute#operation",
            ["id"] = ServerFields.NewId(),
            ["name"] = id,
            ["operationType"] = type,
            ["targetLink"] = target.Link,
            ["targetId"] = targetId,
            ["status"] = "RUNNING",
            ["user"] = "developer@example.com",
            ["progress"] = 0,
            ["insertTime"] = ServerFields.Timestamp(time),
            ["startTime"] = ServerFields.Timestamp(time),
            ["selfLink"] = name.Link,
        };
        if (requestId is not null)
            json["clientOperationId"] = requestId;
        if (target.Scope != "global")
            json[target.Zone is null ? "region" : "zone"] = $"{ResourceLink.Base}projects/{target.Project}/{target.Scope}";
        Local.Set(json, Verb, verb);
        if (request is not null)
            Local.Set(json, Request, request);
        return (name, json);
    }

    /// <summary>Notes that the operation will fail, so that it does also after a restart.</summary>
    public static void Doom(JsonObject json, OperationFailedException failure) =>
        Local.Set(json, Failure, new JsonObject { ["code"] = failure.Code, ["status"] = failure.HttpStatus, ["message"] = failure.Message });

    /// <summary>What it is to fail with; null when it is to be carried out.</summary>
    public static OperationFailedException? DoomOf(JsonObject json) => Local.Get(json, Failure) is JsonObject failure
        ? new OperationFailedException(failure.Text("code")!, (int)failure.Integer("status")!, failure.Text("message")!)
        : null;

    public static bool IsDone(JsonObject json) => json.Text("status") == "DONE";

    public static void Finish(JsonObject json, OperationFailedException? failure, TimeProvider time)
    {
        json["status"] = "DONE";
        json["progress"] = 100;
        json["endTime"] = ServerFields.Timestamp(time);
        if (failure is null)
            return;
        json["error"] = new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message }) };
        json["httpErrorStatusCode"] = failure.HttpStatus;
        json["httpErrorMessage"] = failure.HttpStatus switch
        {
            400 => "BAD REQUEST",
            403 => "FORBIDDEN",
            404 => "NOT FOUND",
            409 => "CONFLICT",
            503 => "SERVICE UNAVAILABLE",
            _ => "INTERNAL ERROR",
        };
    }
}
