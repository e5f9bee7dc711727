using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Proxies;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class UrlRoutingTests
{
    private const string Map =
        """
        {"defaultService":"projects/p/regions/r/backendServices/all",
         "hostRules":[{"hosts":["shop.example.com"],"pathMatcher":"shop"},{"hosts":["*.example.com"],"pathMatcher":"rest"},{"hosts":["*"],"pathMatcher":"other"}],
         "pathMatchers":[
          {"name":"shop","defaultService":"projects/p/regions/r/backendServices/shop","pathRules":[
            {"paths":["/cart","/cart/*"],"service":"projects/p/regions/r/backendServices/cart"},
            {"paths":["/cart/old/*"],"service":"projects/p/regions/r/backendServices/old"}]},
          {"name":"rest","defaultService":"projects/p/regions/r/backendServices/rest"},
          {"name":"other","pathRules":[{"paths":["/*"],"service":"projects/p/regions/r/backendServices/other"}]}]}
        """;

    [Theory]
    [InlineData("shop.example.com", "/", "shop")]
    [InlineData("SHOP.example.com:8080", "/cart", "cart")]
    [InlineData("shop.example.com", "/cart/", "cart")]
    [InlineData("shop.example.com", "/cart/old/1", "old")]
    [InlineData("shop.example.com", "/cart/old", "cart")]
    [InlineData("shop.example.com", "/carts", "shop")]
    [InlineData("www.example.com", "/cart", "rest")]
    [InlineData("example.com", "/", "other")]
    [InlineData("10.138.0.20", "/anything", "other")]
    public void The_longest_host_and_then_the_longest_path_decide(string host, string path, string service)
    {
        Assert.Equal(service, Assert.Single(UrlRouting.Of((JsonObject)JsonNode.Parse(Map)!).Find(host, path)!.Services).Name.Id);
    }

    [Fact]
    public void A_map_without_a_default_says_nothing_of_what_no_rule_matches()
    {
        var routing = UrlRouting.Of((JsonObject)JsonNode.Parse("""{"hostRules":[{"hosts":["a.b"],"pathMatcher":"m"}],"pathMatchers":[{"name":"m","pathRules":[{"paths":["/x"],"service":"projects/p/regions/r/backendServices/x"}]}]}""")!);
        Assert.Null(routing.Find("c.d", "/x"));
        Assert.Null(routing.Find("a.b", "/y"));
        Assert.NotNull(routing.Find("a.b", "/x"));
    }

    [Theory]
    [InlineData(0.0, "a")]
    [InlineData(0.74, "a")]
    [InlineData(0.76, "b")]
    public void Weighted_services_share_the_requests(double draw, string service)
    {
        var routing = UrlRouting.Of((JsonObject)JsonNode.Parse(
            """{"defaultRouteAction":{"weightedBackendServices":[{"backendService":"projects/p/regions/r/backendServices/a","weight":3},{"backendService":"projects/p/regions/r/backendServices/b","weight":1}]}}""")!);
        Assert.Equal(service, routing.Find("x", "/")!.Choose(draw)!.Value.Id);
    }

    [Theory]
    [InlineData("/old/a/b", "/old/", "/new/", "/new/a/b")]
    [InlineData("/old/a", "/old/", "/", "/a")]
    [InlineData("/cart", "/cart", "/basket", "/basket")]
    public void A_rewritten_path_keeps_what_the_rule_has_not_matched(string path, string prefix, string replacement, string expected)
    {
        Assert.Equal(expected, PathRewriting.Replace(path, prefix, replacement).Value);
    }
}
