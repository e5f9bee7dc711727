using System.Net;
using System.Net.Sockets;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Grpc.Core;

namespace PrimeDeploy.Deployer;

/// <summary>What an exception of Google's clients means: whether trying again helps, and what to tell the person.</summary>
internal static class CloudErrors
{
    /// <summary>Nothing answers at all. Worth a few tries, but not a minute of them: most often the local cloud is not running.</summary>
    public static bool IsUnreachable(Exception exception) => exception is SocketException
    {
        SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NetworkUnreachable or SocketError.HostUnreachable,
    } || exception.InnerException is { } inner && IsUnreachable(inner);

    /// <summary>The same call may succeed later, unchanged.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        // One HTTP request may take HttpClient's 100 s; the client reports the end of that as Cancelled.
        RpcException { StatusCode: var code, Status.Detail: var detail } => code is
            StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Internal or StatusCode.Cancelled
            || code is StatusCode.PermissionDenied && IsRateLimit(detail)
            || code is StatusCode.InvalidArgument && IsNotReady(detail),
        GoogleApiException { HttpStatusCode: var code, Error: var error } =>
            (int)code is 429 or 408 or >= 500 || code is HttpStatusCode.Forbidden && IsRateLimit(error?.Message),
        HttpRequestException or IOException or SocketException => true,
        TaskCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    public static bool IsNotFound(Exception exception) => Cause(exception)
        is RpcException { StatusCode: StatusCode.NotFound }
        or GoogleApiException { HttpStatusCode: HttpStatusCode.NotFound }
        or CloudException { Error.Code: "RESOURCE_NOT_FOUND" };

    /// <summary>409: something of that name is there already, perhaps made by an earlier try whose answer was lost.</summary>
    public static bool IsAlreadyThere(Exception exception) => Cause(exception)
        is RpcException { StatusCode: StatusCode.Aborted or StatusCode.AlreadyExists }
        or GoogleApiException { HttpStatusCode: HttpStatusCode.Conflict }
        or CloudException { Error.Code: "RESOURCE_ALREADY_EXISTS" };

    /// <summary>412: it changed between our read and our write.</summary>
    public static bool IsOutdated(Exception exception) => Cause(exception)
        is RpcException { StatusCode: StatusCode.FailedPrecondition }
        or GoogleApiException { HttpStatusCode: HttpStatusCode.PreconditionFailed }
        or CloudException { Error.Code: "CONDITION_NOT_MET" };

    /// <summary>An operation that was accepted and then failed, in a way that passes.</summary>
    public static bool IsTransientOperation(Exception exception) =>
        exception is CloudException
        {
            InnerException: null,
            Error.Code: "RESOURCE_NOT_READY" or "INTERNAL_ERROR" or "BACKEND_ERROR" or "RATE_LIMIT_EXCEEDED",
        };

    /// <summary>Something that is being deleted is still named by something that was deleted just before.</summary>
    public static bool IsInUse(Exception exception) =>
        exception is CloudException { Error.Code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE" }
        || Cause(exception) is RpcException { StatusCode: StatusCode.InvalidArgument, Status.Detail: var detail }
            && detail.Contains("already being used by", StringComparison.Ordinal);

    /// <summary>Not allowed: the API is off, or a permission is missing.</summary>
    public static bool IsForbidden(CloudError error) => error.Code is nameof(StatusCode.PermissionDenied) or "forbidden" or "accessNotConfigured";

    /// <summary>Google has no machine, or no more for this project: trying again soon is in vain.</summary>
    public static bool IsShortage(string? code) =>
        code is "QUOTA_EXCEEDED" or "ZONE_RESOURCE_POOL_EXHAUSTED" or "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS";

    /// <summary>For people.</summary>
    public static CloudError Of(string call, Exception exception) => exception switch
    {
        CloudException cloud => cloud.Error,
        AggregateException { InnerException: { } inner } => Of(call, inner), // how Google's library says that it has no credentials
        RpcException rpc => Of(call, rpc.StatusCode.ToString(), rpc.Status.Detail),
        GoogleApiException api =>
            Of(call, api.Error?.Errors?.FirstOrDefault()?.Reason ?? api.HttpStatusCode.ToString(), api.Error?.Message ?? api.Message),
        TokenResponseException token => Of(call, nameof(StatusCode.Unauthenticated), token.Message),
        HttpRequestException or IOException or SocketException =>
            Of(call, IsUnreachable(exception) ? "Unreachable" : "ConnectionBroken", exception.Message),
        InvalidOperationException missing when missing.Message.Contains("default credentials", StringComparison.OrdinalIgnoreCase) =>
            Of(call, "NoCredentials", "No Google Cloud credentials were found on this machine."),
        _ => Of(call, exception.GetType().Name, exception.Message),
    };

    public static CloudError Of(string call, string code, string message) => new(call, code, message, Advice(code, message));

    private static string? Advice(string code, string message) => code switch
    {
        "NoCredentials" =>
            "Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a credentials file, "
            + "or deploy to the local cloud with --cloud=local.",
        nameof(StatusCode.Unauthenticated) or "required" or "authError" =>
            "The credentials are not accepted: run `gcloud auth application-default login` again.",
        "Unreachable" => "Is the local cloud running, and the address right?",
        "accessNotConfigured" => Enable,
        "forbidden" when message.Contains("storage.buckets.", StringComparison.Ordinal) =>
            "Grant the account that deploys the role roles/storage.admin. Or someone else's bucket has that name, "
            + "for bucket names are shared by the whole world: choose another (--bucket).",
        nameof(StatusCode.PermissionDenied) or "forbidden" when message.Contains("has not been used in project", StringComparison.Ordinal) =>
            Enable,
        nameof(StatusCode.PermissionDenied) or "forbidden" when message.StartsWith("Quota ", StringComparison.Ordinal) => MoreQuota,
        nameof(StatusCode.PermissionDenied) or "forbidden" => "Grant the role that has this permission to the account that deploys.",
        "QUOTA_EXCEEDED" or "quotaExceeded" => MoreQuota,
        "ZONE_RESOURCE_POOL_EXHAUSTED" or "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS" =>
            "The zone has no such machine left at the moment: use another zone (--zone) or machine type (--machine-type), or try later.",
        "IP_IN_USE_BY_ANOTHER_RESOURCE" => "Choose another address (--address), or free this one.",
        "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE" => InUse,
        nameof(StatusCode.InvalidArgument) or "invalid" => message.Contains("already being used by", StringComparison.Ordinal) ? InUse
            : "Google does not take this value: correct the setting that it comes from (--target=Explain lists them).",
        _ => null,
    };

    /// <summary>What Google's client threw; the exception itself when it is ours from the start.</summary>
    private static Exception Cause(Exception exception) => exception is CloudException { InnerException: { } inner } ? inner : exception;

    internal const string MoreQuota =
        "Ask for more of this quota, deploy fewer or smaller machines (--size, --machine-type), or use another region (--zone).";

    private const string InUse = "Something that was not made by this deployment uses it: delete that first.";

    private const string Enable = "Run `gcloud services enable compute.googleapis.com storage.googleapis.com` for this project, and try again in a minute.";

    // Compute Engine answers 403, not 429, when the rate of calls is too high: https://cloud.google.com/compute/api-quota.
    private static bool IsRateLimit(string? message) => message is not null
        && (message.Contains("rate limit exceeded", StringComparison.OrdinalIgnoreCase)
            || message.Contains("rateLimitExceeded", StringComparison.Ordinal));

    private static bool IsNotReady(string message) => message.Contains("is not ready", StringComparison.Ordinal);
}
