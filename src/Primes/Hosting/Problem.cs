using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>Refusals: one sentence, as plain text or, for who prefers JSON, as RFC 9457 has it. Nothing of the request is repeated in it.</summary>
internal static class Problem
{
    private const string JsonType = "application/problem+json";

    internal static Task AnswerAsync(HttpContext context, int status, string sentence) => PrefersJson(context.Request.Headers.Accept)
        ? Reply.WriteAsync(context, status, JsonType, Json(status, sentence))
        : Reply.WriteAsync(context, status, Reply.PlainText, Encoding.UTF8.GetBytes(sentence));

    /// <summary>405 for what is neither GET nor HEAD.</summary>
    internal static Task MethodNotAllowedAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are allowed.");
    }

    /// <summary>
    /// Whether JSON is asked for by name, with a weight no lower than text has. Wildcards count for text, as does a header that cannot be read:
    /// who reads JSON says so.
    /// </summary>
    private static bool PrefersJson(StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList([accept.ToString()], out var types))
            return false;

        double json = 0, text = 0;
        foreach (var type in types)
        {
            var weight = type.Quality ?? 1;
            if (type.MediaType.Value is "application/json" or JsonType)
                json = Math.Max(json, weight);
            else if (type.Type.Value == "text")
                text = Math.Max(text, weight);
        }

        return json > 0 && json >= text;
    }

    private static ReadOnlyMemory<byte> Json(int status, string sentence)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status"u8, status);
        json.WriteString("detail"u8, sentence);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
