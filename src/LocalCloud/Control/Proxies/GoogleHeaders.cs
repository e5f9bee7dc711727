using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using Yarp.ReverseProxy.Forwarder;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>
/// What Google's proxies add to a request and its answer: the client's and the load balancer's address, that it was HTTP, and themselves
/// (https://cloud.google.com/load-balancing/docs/l7-internal#target-proxies). The Host header stays as it came, unless the URL map rewrites it.
/// </summary>
internal sealed class GoogleHeaders(IPAddress loadBalancer, JsonObject? rewrite, string prefix) : HttpTransformer
{
    public const string Via = "1.1 google";

    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        var addresses = $"{httpContext.Connection.RemoteIpAddress!.MapToIPv4()},{loadBalancer}";
        var before = httpContext.Request.Headers[ForwardedFor].ToString();
        headers.Remove(ForwardedFor);
        headers.TryAddWithoutValidation(ForwardedFor, before.Length == 0 ? addresses : $"{before},{addresses}");
        headers.Remove(ForwardedProto);
        headers.TryAddWithoutValidation(ForwardedProto, "http");
        headers.TryAddWithoutValidation("Via", Via);
        if (rewrite?.Text("hostRewrite") is { } host)
            headers.Host = host;
        if (rewrite?.Text("pathPrefixRewrite") is { } path)
            proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, PathRewriting.Replace(httpContext.Request.Path, prefix, path), httpContext.Request.QueryString);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var hasBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is not null)
            httpContext.Response.Headers.Append("Via", Via);
        return hasBody;
    }
}
