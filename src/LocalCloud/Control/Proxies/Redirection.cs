using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>The answer that an HttpRedirectAction of a URL map means (https://cloud.google.com/compute/docs/reference/rest/v1/regionUrlMaps).</summary>
internal static class Redirection
{
    public static void Apply(HttpContext context, JsonObject redirect, string prefix)
    {
        var request = context.Request;
        var path = redirect.Text("pathRedirect") ?? (redirect.Text("prefixRedirect") is { } other ? PathRewriting.Replace(request.Path, prefix, other).Value : request.Path.Value);
        var scheme = redirect.Flag("httpsRedirect") is true ? "https" : "http";
        var query = redirect.Flag("stripQuery") is true ? "" : request.QueryString.Value;
        context.Response.StatusCode = redirect.Text("redirectResponseCode") switch
        {
            "FOUND" => StatusCodes.Status302Found,
            "SEE_OTHER" => StatusCodes.Status303SeeOther,
            "TEMPORARY_REDIRECT" => StatusCodes.Status307TemporaryRedirect,
            "PERMANENT_REDIRECT" => StatusCodes.Status308PermanentRedirect,
            _ => StatusCodes.Status301MovedPermanently,
        };
        context.Response.Headers.Location = $"{scheme}://{redirect.Text("hostRedirect") ?? request.Host.Value}{path}{query}";
        context.Response.Headers.Via = GoogleHeaders.Via;
    }
}

/// <summary>Replaces what a path rule has matched.</summary>
internal static class PathRewriting
{
    /// <param name="path">The request's.</param>
    /// <param name="prefix">What of it was matched.</param>
    /// <param name="replacement">What stands there instead.</param>
    public static PathString Replace(PathString path, string prefix, string replacement)
    {
        var rest = path.Value is { } text && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : "";
        return new($"/{replacement.Trim('/')}{(rest.Length > 0 && replacement.Length > 1 && !rest.StartsWith('/') ? "/" : "")}{rest}");
    }
}
