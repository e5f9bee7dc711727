using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Faults;

namespace PrimeDeploy.LocalCloud.Projects;

/// <summary>Refuses calls of APIs that are not enabled, and calls that the caller has no permission for, as far as a call names its project.</summary>
internal sealed class ProjectGate(LimitsTable limits)
{
    /// <returns>Null for a call that may pass.</returns>
    public FaultError? RefusalOf(ApiMethod call)
    {
        var project = limits.Of(call.Project);
        var isStorage = call.Collection is "buckets" or "objects";
        var service = isStorage ? "storage.googleapis.com" : "compute.googleapis.com";
        if (project.DisabledServices.Contains(service))
            return new(403, "accessNotConfigured", Disabled(service, call.Project!));
        if (project.DeniedPermissions.Count == 0 || PermissionsOf(call, isStorage).FirstOrDefault(project.DeniedPermissions.Contains) is not { } permission)
            return null;
        return new(403, "forbidden", isStorage
            ? $"The caller does not have {permission} access to the Google Cloud project. Permission '{permission}' denied on resource (or it may not exist)."
            : $"Required '{permission}' permission for 'projects/{call.Project}{(call.Scope.Length > 0 ? "/" + call.Scope : "")}/{call.Collection}{(call.Name is null ? "" : "/" + call.Name)}'");
    }

    /// <summary>What Google says of an API that is off.</summary>
    public static string Disabled(string service, string project)
    {
        var (number, name) = (ServerFields.ProjectNumber(project), TitleOf(service));
        return $"{name} has not been used in project {number} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/{service}/overview?project={number} "
            + "then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.";
    }

    public static string TitleOf(string service) => service switch
    {
        "compute.googleapis.com" => "Compute Engine API",
        "storage.googleapis.com" => "Google Cloud Storage JSON API",
        "serviceusage.googleapis.com" => "Service Usage API",
        "cloudresourcemanager.googleapis.com" => "Cloud Resource Manager API",
        _ => service,
    };

    /// <summary>Any of them is enough to be refused for: an address may be one of a network or not, which only the body says.</summary>
    private static string[] PermissionsOf(ApiMethod call, bool isStorage)
    {
        var action = call.Verb switch
        {
            "insert" => "create",
            "patch" or "update" => "update",
            "aggregatedList" => "list",
            "wait" or "listManagedInstances" or "listErrors" or "getHealth" => "get",
            var verb => verb,
        };
        if (isStorage)
            return [$"storage.{call.Collection}.{action}"];
        var collection = (call.Collection, call.Scope) switch
        {
            ("operations", "global") => "globalOperations",
            ("operations", var scope) => scope.StartsWith("zones/", StringComparison.Ordinal) ? "zoneOperations" : "regionOperations",
            ("backendServices", not "global") => "regionBackendServices",
            var (name, _) => name,
        };
        return [$"compute.{collection}.{action}", $"compute.{collection}.{action}Internal"];
    }
}
