using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Projects;

/// <summary>
/// What there is of two other APIs, at their own paths: which APIs are enabled (https://cloud.google.com/service-usage/docs/reference/rest/v1/services)
/// and which permissions the caller has (https://cloud.google.com/resource-manager/reference/rest/v3/projects/testIamPermissions).
/// </summary>
internal sealed class ProjectServicesApi(LimitsTable limits)
{
    private const int MostPermissions = 100;
    private const int MostServices = 30;

    /// <returns>False for a request of none of their methods.</returns>
    public async Task<bool> HandleAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            switch (context.Request.Method, path)
            {
                case ("GET", ["v1", "projects", var project, "services:batchGet"]):
                    Require(project, "serviceusage.googleapis.com");
                    await AnswerAsync(context, new JsonObject { ["services"] = new JsonArray([.. Names(context.Request.Query["names"]).Select(name => (JsonNode)Service(project, name))]) });
                    return true;
                case ("GET", ["v1", "projects", var project, "services", var name]):
                    Require(project, "serviceusage.googleapis.com");
                    await AnswerAsync(context, Service(project, name));
                    return true;
                case ("POST", ["v1" or "v3", "projects", var last]) when last.EndsWith(":testIamPermissions", StringComparison.Ordinal):
                    var tested = last[..last.IndexOf(':', StringComparison.Ordinal)];
                    Require(tested, "cloudresourcemanager.googleapis.com");
                    await AnswerAsync(context, Granted(tested, await ApiWire.ReadBodyAsync(context.Request, context.RequestAborted)));
                    return true;
                default:
                    return false;
            }
        }
        catch (ApiException refused)
        {
            await ApiWire.RefuseAsync(context, refused);
            return true;
        }
    }

    private void Require(string project, string service)
    {
        if (limits.Of(project).DisabledServices.Contains(service))
            throw ApiException.Of(403, "accessNotConfigured", ProjectGate.Disabled(service, project));
    }

    private static IEnumerable<string> Names(StringValues asked) => asked.Count is 0 or > MostServices
        ? throw ApiException.Of(400, "badRequest", $"names has {asked.Count} entries. Allowed are 1 to {MostServices}.")
        : asked.Select(name => ResourceLink.LastSegment(name ?? ""));

    private JsonObject Service(string project, string name) => new()
    {
        ["name"] = $"projects/{ServerFields.ProjectNumber(project)}/services/{name}",
        ["config"] = new JsonObject { ["name"] = name, ["title"] = ProjectGate.TitleOf(name) },
        ["state"] = limits.Of(project).DisabledServices.Contains(name) ? "DISABLED" : "ENABLED",
        ["parent"] = $"projects/{ServerFields.ProjectNumber(project)}",
    };

    private JsonObject Granted(string project, ReadOnlyMemory<byte> body)
    {
        if ((body.Length == 0 ? null : JsonNode.Parse(body.Span)?["permissions"]) is not JsonArray asked || asked.Count > MostPermissions)
            throw ApiException.Of(400, "badRequest", $"permissions has to be a list of at most {MostPermissions} permissions.");
        var granted = asked.Select(permission => (string?)permission ?? "").Where(permission => !limits.Of(project).DeniedPermissions.Contains(permission));
        return new() { ["permissions"] = new JsonArray([.. granted.Select(permission => (JsonNode)permission)]) };
    }

    private static Task AnswerAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
