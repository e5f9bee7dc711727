using Grpc.Core;

namespace Google.Api.Gax.Grpc.Rest;

/// <summary>The code of gRPC that stands for a status of HTTP where the answer names none itself.</summary>
internal static class HttpStatus
{
    public static StatusCode ToStatusCode(int status) => status switch
    {
        >= 200 and < 300 => StatusCode.OK,
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        409 => StatusCode.Aborted,
        416 => StatusCode.OutOfRange,
        429 => StatusCode.ResourceExhausted,
        499 => StatusCode.Cancelled,
        >= 400 and < 500 => StatusCode.FailedPrecondition,
        501 => StatusCode.Unimplemented,
        503 => StatusCode.Unavailable,
        504 => StatusCode.DeadlineExceeded,
        >= 500 and < 600 => StatusCode.Internal,
        _ => StatusCode.Unknown,
    };
}
