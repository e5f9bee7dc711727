using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Rest;

/// <summary>The exception that an unsuccessful answer becomes.</summary>
internal static class ErrorAnswer
{
    private static readonly JsonParser DetailParser = new(
        JsonParser.Settings.Default
            .WithIgnoreUnknownFields(true)
            .WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    /// <summary>Reads <c>{"error":{"code","message","status","details"}}</c>, also as the one element of a list, as streams have it; any other body is the message itself.</summary>
    public static RpcException ToException(int httpStatus, string body)
    {
        if (body.StartsWith('[') && body.EndsWith(']'))
            body = body[1..^1];
        var fallback = HttpStatus.ToStatusCode(httpStatus);
        var status = Read(body, fallback) ?? new Google.Rpc.Status { Code = (int)fallback, Message = body };
        var trailers = new Metadata { { RpcExceptionExtensions.StatusDetailsTrailer, status.ToByteArray() } };
        return new RpcException(new global::Grpc.Core.Status((StatusCode)status.Code, status.Message), trailers);
    }

    private static Google.Rpc.Status Read(string body, StatusCode fallback)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("error", out var error)
                || error.ValueKind != JsonValueKind.Object)
                return null;

            // What is not of its type makes the whole body one of another form.
            if (!Has(error, "message", JsonValueKind.String, out var message) || !Has(error, "details", JsonValueKind.Array, out var details))
                return null;
            var status = new Google.Rpc.Status { Code = (int)fallback, Message = message?.GetString() ?? "" };
            if (error.TryGetProperty("status", out var name) && CodeNamed(name) is { } code and not Code.Ok)
                status.Code = (int)code;
            foreach (var detail in details?.EnumerateArray() ?? default)
            {
                if (detail.ValueKind != JsonValueKind.Object)
                    return null;
                if (Detail(detail) is { } known)
                    status.Details.Add(known);
            }

            return status;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>False where the property is there and neither null nor of the kind.</summary>
    private static bool Has(JsonElement owner, string name, JsonValueKind kind, out JsonElement? value)
    {
        value = owner.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
        return value is null || value.Value.ValueKind == kind;
    }

    private static Code? CodeNamed(JsonElement name)
    {
        var value = name.ValueKind == JsonValueKind.String
            ? CodeReflection.Descriptor.EnumTypes[0].FindValueByName(name.GetString())
            : null;
        return value is null ? null : (Code)value.Number;
    }

    /// <summary>The detail, or null if it is of a type that <c>google.rpc</c> does not have.</summary>
    private static Any Detail(JsonElement detail)
    {
        try
        {
            return DetailParser.Parse<Any>(detail.GetRawText());
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            return null;
        }
    }
}
