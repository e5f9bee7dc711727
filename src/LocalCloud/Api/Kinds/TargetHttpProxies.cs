using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Target HTTP proxies of regional load balancers: which URL map a forwarding rule's requests go by (https://cloud.google.com/compute/docs/reference/rest/v1/regionTargetHttpProxies).</summary>
internal sealed class TargetHttpProxies : ResourceKind
{
    public override string Collection => "targetHttpProxies";

    public override string Singular => "targetHttpProxy";

    public override Scopes Scopes => Scopes.Regional;

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links => [new("urlMap", "urlMaps")];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs { get; } = new Dictionary<string, VerbHandler> { ["setUrlMap"] = new("POST", SetUrlMap) };

    public override void Complete(Draft draft)
    {
        draft.Require("urlMap");
        draft.Range(draft.Json, "httpKeepAliveTimeoutSec", "resource.httpKeepAliveTimeoutSec", 5, 1200);
        if (ResourceName.FromLink(draft.Json.Text("urlMap")) is { } map && map.Scope != draft.Name.Scope)
            draft.Problems.Invalid("resource.urlMap", draft.Json.Text("urlMap"), $"The URL map must be in region '{draft.Name.Region}'.");
    }

    private static ApiAnswer SetUrlMap(VerbCall call)
    {
        var json = (System.Text.Json.Nodes.JsonObject)call.Document.DeepClone();
        json["urlMap"] = call.Call.RequireBody().Text("urlMap");
        DocumentMaker.Replace(call.Services, new TargetHttpProxies(), call.Name, call.Document, json, call.Call);
        return call.Start();
    }
}
