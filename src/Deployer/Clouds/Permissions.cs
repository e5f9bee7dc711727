namespace PrimeDeploy.Deployer;

/// <summary>The permissions that a kind of resource asks of the account that deploys.</summary>
/// <param name="Kind">In the words of Google's documentation: "firewall rule".</param>
/// <param name="Names">As IAM names them: <c>compute.firewalls.create</c>.</param>
public sealed record KindPermissions(string Kind, IReadOnlyList<string> Names);

/// <summary>
/// Everything that the account that deploys must be allowed to do in the project. For a custom role with no more than that; Google's own
/// roles allow more. Source: https://cloud.google.com/iam/docs/permissions-reference.
/// </summary>
public static class Permissions
{
    /// <summary>The kind whose permissions all of them need.</summary>
    internal const string EveryRun = "every run";

    /// <summary>Tells which APIs are off, before a call is refused for it.</summary>
    internal const string ReadServices = "serviceusage.services.get";

    /// <summary>By kind of resource, and at the end what all of them need.</summary>
    public static IReadOnlyList<KindPermissions> ByKind { get; } =
    [
        Compute("subnet access", "subnetworks", "get setPrivateIpGoogleAccess use useExternalIp"),
        Compute("firewall rule", "firewalls", "create delete get list update", "compute.networks.updatePolicy"),
        Compute("address", "addresses", "create createInternal delete deleteInternal get list setLabels use useInternal"),
        Compute("instance template", "instanceTemplates", "create delete get list useReadOnly", "compute.images.useReadOnly", "compute.networks.get", "compute.networks.use"),
        Compute("managed instance group", "instanceGroupManagers", "create delete get list update use", "compute.instanceGroups.create",
            "compute.instanceGroups.delete", "compute.instanceGroups.get", "compute.instanceGroups.list", "compute.instanceGroups.update", "compute.instanceGroups.use"),
        Compute("health check", "healthChecks", "create delete get list update use useReadOnly"),
        Compute("backend service", "regionBackendServices", "create delete get list update use"),
        Compute("forwarding rule", "forwardingRules", "create delete get list setLabels update use"),
        Compute("instance", "instances", "create delete get getGuestAttributes getSerialPortOutput list resume setLabels setMetadata setServiceAccount setTags start update use",
            "compute.disks.create", "compute.disks.setLabels", "iam.serviceAccounts.actAs"),
        new("bucket", ["storage.buckets.create", "storage.buckets.delete", "storage.buckets.get", "storage.buckets.list", "storage.buckets.update"]),
        new("object", ["storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list", "storage.objects.update"]),
        new(EveryRun, ["compute.globalOperations.get", "compute.projects.get", "compute.regionOperations.get", "compute.regions.get",
            "compute.zoneOperations.get", "compute.zones.get", "compute.machineTypes.get", ReadServices]),
    ];

    /// <summary>Every permission once, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByKind.SelectMany(kind => kind.Names).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The permission that one request is checked for first.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without the query.</param>
    /// <returns>Null for a path of neither API.</returns>
    internal static string? Of(string method, string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["compute", "v1", "projects", _] => "compute.projects.get",
            ["compute", "v1", "projects", _, "zones" or "regions", _] => $"compute.{words[4]}.get",
            ["compute", "v1", "projects", _, "global" or "aggregated", .. var rest] => OfCompute(method, "global", rest),
            ["compute", "v1", "projects", _, "zones" or "regions", _, .. var rest] => OfCompute(method, words[4], rest),
            ["v1", "projects", _, "services:batchGet"] => ReadServices,
            ["storage", "v1", "b", .. var rest] => OfStorage(method, rest),
            ["upload", "storage", "v1", "b", ..] => "storage.objects.create",
            ["download", "storage", "v1", "b", ..] => "storage.objects.get",
            _ => null,
        };
    }

    private static string OfCompute(string method, string scope, string[] rest)
    {
        var collection = (rest[0], scope) switch
        {
            ("operations", "global") => "globalOperations",
            ("operations", "regions") => "regionOperations",
            ("operations", _) => "zoneOperations",
            ("backendServices", _) => "regionBackendServices",
            var (name, _) => name,
        };
        var action = (method, rest) switch
        {
            (_, [_, _, "serialPort"]) => "getSerialPortOutput",
            (_, [_, _, "getGuestAttributes" or "setLabels" or "setMetadata" or "setTags" or "setServiceAccount" or "setPrivateIpGoogleAccess" or "start" or "resume"]) => rest[2],
            (_, [_, _, "wait" or "getHealth" or "listManagedInstances" or "listErrors" or "listInstances"]) => "get",
            (_, [_, _, _]) => "update",
            ("GET", [_]) => "list",
            ("GET", _) => "get",
            ("POST", _) => "create",
            ("DELETE", _) => "delete",
            _ => "update",
        };
        // Addresses inside a network have permissions of their own; the path does not tell which one it is.
        return $"compute.{collection}.{action}{(collection is "addresses" && (action is "create" or "delete") ? "Internal" : "")}";
    }

    private static string OfStorage(string method, string[] rest)
    {
        var collection = rest is [_, "o", ..] ? "objects" : "buckets";
        var named = rest is [_] or [_, "o", _, ..];
        return $"storage.{collection}.{(method, named) switch
        {
            ("GET", true) => "get",
            ("GET", false) => "list",
            ("POST", _) => "create",
            ("DELETE", _) => "delete",
            _ => "update",
        }}";
    }

    private static KindPermissions Compute(string kind, string collection, string actions, params string[] more) =>
        new(kind, [.. actions.Split(' ').Select(action => $"compute.{collection}.{action}"), .. more]);
}
