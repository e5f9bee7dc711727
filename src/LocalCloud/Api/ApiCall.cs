using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>One request to the API, however it came in: by itself or as a part of a batch.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">The path below /compute/v1/, segments already unescaped.</param>
/// <param name="Query">Unknown parameters are tolerated, as the real service's front end does.</param>
/// <param name="Body">Null when there was none.</param>
internal sealed record ApiCall(string Method, IReadOnlyList<string> Path, ApiQuery Query, JsonObject? Body)
{
    /// <summary>What the caller identified the request by so that a repetition is recognized; null when it did not.</summary>
    public string? RequestId => Query.Text("requestId");

    public string Url => string.Join('/', Path);

    /// <exception cref="ApiException">There is no body.</exception>
    public JsonObject RequireBody() => Body ?? throw ApiException.Of(400, "required", "Required field 'resource' not specified");
}

/// <summary>The query parameters of a call.</summary>
internal sealed class ApiQuery(IReadOnlyDictionary<string, StringValues> values)
{
    public static ApiQuery Parse(string query) => new(QueryHelpers.ParseQuery(query));

    public string? Text(string name) => values.TryGetValue(name, out var value) && value.Count > 0 && value[^1] is { Length: > 0 } text ? text : null;

    /// <summary>Python clients write True, all others true.</summary>
    public bool Flag(string name) => string.Equals(Text(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ApiException">It is no whole number in the range.</exception>
    public long? Integer(string name, long least, long most)
    {
        if (Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        throw ApiException.Of(400, "invalid", $"Invalid value for field '{name}': '{text}'. Must be a whole number from {least} to {most}.");
    }
}

/// <summary>What a handler answers; the wire does the rest.</summary>
/// <param name="Body">Null for an answer without content.</param>
internal sealed record ApiAnswer(JsonObject? Body);
