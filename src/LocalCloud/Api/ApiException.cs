using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>One entry of an error answer's list.</summary>
/// <param name="Reason">For example notFound; clients decide by it what to do.</param>
internal sealed record ApiProblem(int Status, string Reason, string Message);

/// <summary>A refusal, in the API's own terms; the wire makes the error body of it.</summary>
internal sealed class ApiException(IReadOnlyList<ApiProblem> problems) : Exception(string.Join(" ", problems.Select(p => p.Message)))
{
    public IReadOnlyList<ApiProblem> Problems { get; } = problems;

    /// <summary>404 when everything wrong is something missing, else the first other status.</summary>
    public int Status { get; } = problems.FirstOrDefault(p => p.Status != 404)?.Status ?? 404;

    public static ApiException Of(int status, string reason, string message) => new([new ApiProblem(status, reason, message)]);

    public static ApiException NotFound(string path) => Of(404, "notFound", $"The resource '{path}' was not found");

    public static ApiException AlreadyExists(ResourceName name) => Of(409, "alreadyExists", $"The resource '{name}' already exists");

    public static ApiException NotReady(ResourceName name) => Of(400, "resourceNotReady", $"The resource '{name}' is not ready");

    public static ApiException StaleFingerprint(string what) =>
        Of(412, "conditionNotMet", $"Supplied fingerprint does not match current {what} fingerprint.");

    /// <param name="method">For example compute.disks.insert.</param>
    public static ApiException NotImplemented(string method) =>
        Of(501, "notImplemented", $"The local cloud does not implement {method}.");
}
