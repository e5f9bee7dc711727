namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>A request that Cloud Storage refuses, in its own terms; <see cref="StorageWire"/> is the only one that puts it on the wire.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="reason">The JSON API's reason, for example notFound.</param>
/// <param name="code">The XML API's code, for example NoSuchKey.</param>
/// <param name="message">What a person reads.</param>
internal sealed class StorageException(int status, string reason, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Reason { get; } = reason;

    public string Code { get; } = code;

    public static StorageException NoSuchBucket() => new(404, "notFound", "NoSuchBucket", "The specified bucket does not exist.");

    public static StorageException NoSuchObject(string bucket, string name) =>
        new(404, "notFound", "NoSuchKey", $"No such object: {bucket}/{name}");

    public static StorageException NoSuchUpload() =>
        new(404, "notFound", "NoSuchUpload", "The upload session was not found; it never existed, was cancelled, or is older than a week.");

    public static StorageException Precondition() =>
        new(412, "conditionNotMet", "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");

    public static StorageException NotModified() => new(304, "notModified", "NotModified", "Not Modified");

    public static StorageException Invalid(string message) => new(400, "invalid", "InvalidArgument", message);

    public static StorageException Required(string message) => new(400, "required", "InvalidArgument", message);

    public static StorageException Conflict(string code, string message) => new(409, "conflict", code, message);

    public static StorageException NotImplemented(string what) =>
        new(501, "notImplemented", "NotImplemented", $"The local cloud does not implement {what}.");
}
