using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>The only author of answers and error bodies.</summary>
internal static class StorageWire
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static Task WriteAsync(HttpContext context, StorageAnswer answer)
    {
        var response = context.Response;
        switch (answer)
        {
            case JsonAnswer json:
                return WriteJsonAsync(response, StatusCodes.Status200OK, json.Body);
            case MediaAnswer media:
                return MediaWire.WriteAsync(context, media);
            case UploadBegunAnswer begun:
                response.Headers.Location = begun.Location;
                response.Headers["X-GUploader-UploadID"] = begun.UploadId;
                response.ContentLength = 0;
                return Task.CompletedTask;
            case UploadIncompleteAnswer incomplete:
                response.StatusCode = StatusCodes.Status308PermanentRedirect;
                if (incomplete.Received > 0)
                    response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{incomplete.Received - 1}");
                response.ContentLength = 0;
                return Task.CompletedTask;
            case UploadCancelledAnswer:
                response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                response.ContentLength = 0;
                return Task.CompletedTask;
            default:
                response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    public static Task WriteAsync(HttpContext context, StorageAddress address, StorageException error)
    {
        var response = context.Response;
        response.Clear();
        if (error.Status == StatusCodes.Status304NotModified)
        {
            response.StatusCode = error.Status;
            return Task.CompletedTask;
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\"";
        return address.Family switch
        {
            StorageFamily.Xml => WriteTextAsync(response, error.Status, "application/xml; charset=UTF-8",
                $"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{error.Code}</Code><Message>{Summary(error)}</Message><Details>{SecurityElement.Escape(error.Message)}</Details></Error>"),
            // As the service has it: where content was asked for, the refusal is a bare line.
            StorageFamily.Download => WriteTextAsync(response, error.Status, "text/html; charset=UTF-8", error.Message),
            StorageFamily.Json when context.Request.Query["alt"].Contains("media") =>
                WriteTextAsync(response, error.Status, "text/html; charset=UTF-8", error.Message),
            _ => WriteJsonAsync(response, error.Status, ErrorBody(error)),
        };
    }

    /// <summary>The XML API has a fixed sentence for each code and says the particulars beside it.</summary>
    private static string Summary(StorageException error) => error.Code switch
    {
        "AccessDenied" => "Access denied.",
        "AuthenticationRequired" => "Authentication required.",
        "NoSuchBucket" => "The specified bucket does not exist.",
        "NoSuchKey" => "The specified key does not exist.",
        _ => SecurityElement.Escape(error.Message),
    };

    private static JsonObject ErrorBody(StorageException error)
    {
        var detail = new JsonObject { ["message"] = error.Message, ["domain"] = "global", ["reason"] = error.Reason };
        if (error.Status is StatusCodes.Status412PreconditionFailed or StatusCodes.Status401Unauthorized)
        {
            detail["locationType"] = "header";
            detail["location"] = error.Status == StatusCodes.Status401Unauthorized ? "Authorization" : "If-Match";
        }

        return new()
        {
            ["error"] = new JsonObject { ["code"] = error.Status, ["message"] = error.Message, ["errors"] = new JsonArray(detail) },
        };
    }

    private static Task WriteJsonAsync(HttpResponse response, int status, JsonObject body) =>
        WriteAsync(response, status, "application/json; charset=UTF-8", JsonSerializer.SerializeToUtf8Bytes(body, Json));

    private static Task WriteTextAsync(HttpResponse response, int status, string contentType, string body) =>
        WriteAsync(response, status, contentType, Encoding.UTF8.GetBytes(body));

    private static Task WriteAsync(HttpResponse response, int status, string contentType, byte[] body)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, response.HttpContext.RequestAborted).AsTask();
    }
}
