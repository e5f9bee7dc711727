namespace PrimeDeploy.LocalCloud.Metadata;

/// <param name="EntityTag">Null where there is none.</param>
/// <param name="CanWait">Whether a client may wait for it to change.</param>
internal sealed record MetadataAnswer(int Status, string ContentType, string Body, string? EntityTag = null, bool CanWait = false)
{
    public const string TextType = "application/text";
    public const string JsonType = "application/json";

    public static MetadataAnswer Json(string body) => new(StatusCodes.Status200OK, JsonType, body);

    public static MetadataAnswer Text(string body) => new(StatusCodes.Status200OK, TextType, body);

    public static MetadataAnswer NotFound(string path) => Error(StatusCodes.Status404NotFound, $"{path} was not found on this server.");

    /// <summary>As a page, which is how the real one refuses.</summary>
    public static MetadataAnswer Error(int status, string message) => new(
        status, "text/html; charset=UTF-8",
        $"<!DOCTYPE html>\n<html lang=en>\n<title>Error {status}</title>\n<p><b>{status}.</b> {System.Net.WebUtility.HtmlEncode(message)}\n");
}
