using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// Who may do what in Cloud Storage from inside a network: the scopes of the machine and the roles of its service account both have to allow it. Accounts of the bucket's own project
/// may do everything in it, as a project's default account may until someone takes its Editor role away; others need a binding in the bucket's policy.
/// </summary>
internal sealed class TokenAccess(TokenIssuer tokens) : IStorageAccess
{
    private const string Scheme = "Bearer ";
    private const string Scopes = "https://www.googleapis.com/auth/";

    private static readonly HashSet<string> WritingScopes = new(StringComparer.Ordinal)
    {
        Scopes + "cloud-platform", Scopes + "devstorage.full_control", Scopes + "devstorage.read_write",
    };

    private static readonly HashSet<string> ReadingScopes = new(WritingScopes, StringComparer.Ordinal)
    {
        Scopes + "devstorage.read_only", Scopes + "cloud-platform.read-only",
    };

    public void Demand(StorageRequest request, string permission, Bucket bucket, string? objectName)
    {
        var resource = objectName is null ? "Google Cloud Storage bucket" : "Google Cloud Storage object";
        if (Credentials(request) is not { } credentials)
        {
            if (!IsGranted(bucket, permission, "allUsers"))
                throw new StorageException(
                    // As the service has it: the XML API, where browsers come without credentials, says that they are not enough.
                    request.Address.Family == StorageFamily.Xml ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized, "required", "AccessDenied",
                    $"Anonymous caller does not have {permission} access to the {resource}. Permission '{permission}' denied on resource (or it may not exist).");
            return;
        }

        var grant = tokens.Verify(credentials)
            ?? throw new StorageException(StatusCodes.Status401Unauthorized, "authError", "AuthenticationRequired", "Invalid Credentials");
        var sufficient = permission.EndsWith(".get", StringComparison.Ordinal) || permission.EndsWith(".list", StringComparison.Ordinal) ? ReadingScopes : WritingScopes;
        if (!grant.Scopes.Any(sufficient.Contains))
            throw new StorageException(StatusCodes.Status403Forbidden, "insufficientPermissions", "AccessDenied", "Insufficient Permission: Provided scope(s) are not authorized");
        if (grant.Project != bucket.Project && !IsGranted(bucket, permission, "allUsers", "allAuthenticatedUsers", $"serviceAccount:{grant.Email}"))
            throw new StorageException(
                StatusCodes.Status403Forbidden, "forbidden", "AccessDenied",
                $"{grant.Email} does not have {permission} access to the {resource}. Permission '{permission}' denied on resource (or it may not exist).");
    }

    private static string? Credentials(StorageRequest request) => request.Headers.Authorization.ToString() is { Length: > 0 } header
        ? header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : header
        : null;

    private static bool IsGranted(Bucket bucket, string permission, params string[] members) =>
        bucket.Policy.Objects("bindings").Any(b => Permits(b.Text("role"), permission) && b.Texts("members").Any(members.Contains));

    /// <summary>https://cloud.google.com/storage/docs/access-control/iam-roles.</summary>
    private static bool Permits(string? role, string permission) => role switch
    {
        "roles/storage.admin" => true,
        "roles/storage.objectAdmin" or "roles/storage.objectUser" => permission.StartsWith("storage.objects.", StringComparison.Ordinal),
        "roles/storage.objectCreator" => permission == "storage.objects.create",
        "roles/storage.objectViewer" => permission is "storage.objects.get" or "storage.objects.list",
        "roles/storage.legacyObjectReader" => permission == "storage.objects.get",
        "roles/storage.legacyBucketReader" => permission is "storage.buckets.get" or "storage.objects.list",
        _ => false,
    };
}
