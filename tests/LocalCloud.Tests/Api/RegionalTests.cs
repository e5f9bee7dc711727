using System.Net;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class RegionalTests
{
    private const string Template =
        """
        {"name":"primecalc","region":"us-west1","properties":{"machineType":"e2-medium","networkInterfaces":[{"network":"global/networks/default"}],
         "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}]}}
        """;

    [Fact]
    public async Task A_group_is_made_from_a_template_of_its_region_and_of_no_other()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "regions/us-west1/instanceTemplates", Template);
        await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers", """{"name":"near","targetSize":1,"instanceTemplate":"regions/us-west1/instanceTemplates/primecalc"}""");
        await cloud.UntilAsync("zones/us-west1-b/instanceGroupManagers/near", group => group.Object("status")!.Flag("isStable") is true);
        var instance = (await cloud.GetAsync("zones/us-west1-b/instances")).Objects("items").Single();
        Assert.Contains(instance.Object("metadata")!.Objects("items"), item =>
            item.Text("key") == "instance-template" && item.Text("value")!.EndsWith("/regions/us-west1/instanceTemplates/primecalc", StringComparison.Ordinal));
        await cloud.AddTemplateAsync("next");
        await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers/near/setInstanceTemplate", """{"instanceTemplate":"global/instanceTemplates/next"}""");
        var changed = await cloud.GetAsync("zones/us-west1-b/instanceGroupManagers/near");
        Assert.EndsWith("/global/instanceTemplates/next", changed.Objects("versions").Single().Text("instanceTemplate"), StringComparison.Ordinal);
        await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers/near/setInstanceTemplate", """{"instanceTemplate":"regions/us-west1/instanceTemplates/primecalc"}""");
        await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-east1-b/instanceGroupManagers", """{"name":"far","targetSize":1,"instanceTemplate":"regions/us-west1/instanceTemplates/primecalc"}""");
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", "regions/us-west1/instanceTemplates/primecalc");
    }

    [Fact]
    public async Task A_backend_service_takes_a_health_check_of_its_region()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "regions/us-west1/healthChecks", """{"name":"check","type":"TCP"}""");
        Assert.Equal(80, (await cloud.GetAsync("regions/us-west1/healthChecks/check")).Object("tcpHealthCheck")!.Integer("port"));
        Assert.Equal(HttpStatusCode.NotFound, (await cloud.SendAsync("GET", "global/healthChecks/check")).Status);
        await cloud.DoAsync("POST", "regions/us-west1/backendServices", """{"name":"service","loadBalancingScheme":"INTERNAL","healthChecks":["regions/us-west1/healthChecks/check"]}""");
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", "regions/us-west1/healthChecks/check");
    }

    [Fact]
    public async Task A_network_has_routes_to_the_internet_and_to_each_of_its_subnetworks()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/networks", """{"name":"mine","autoCreateSubnetworks":false}""");
        await cloud.DoAsync("POST", "regions/us-west1/subnetworks", """{"name":"west","network":"global/networks/mine","ipCidrRange":"10.0.0.0/24"}""");

        var routes = (await cloud.GetAsync("global/routes")).Objects("items").Where(r => r.Text("network") == cloud.Base + "global/networks/mine").ToDictionary(r => r.Text("destRange")!, StringComparer.Ordinal);
        Assert.Equal(["0.0.0.0/0", "10.0.0.0/24"], routes.Keys.Order(StringComparer.Ordinal));
        Assert.EndsWith("/global/gateways/default-internet-gateway", routes["0.0.0.0/0"].Text("nextHopGateway"), StringComparison.Ordinal);
        Assert.Equal((0, cloud.Base + "global/networks/mine"), (routes["10.0.0.0/24"].Integer("priority"), routes["10.0.0.0/24"].Text("nextHopNetwork")));
        Assert.Equal("10.0.0.0/24", (await cloud.GetAsync($"global/routes/{routes["10.0.0.0/24"].Text("name")}")).Text("destRange"));
        var all = (await cloud.GetAsync("global/routes")).Objects("items").Count(r => r.Text("network") == cloud.Base + "global/networks/default");
        Assert.Equal((await cloud.GetAsync("global/networks/default")).Texts("subnetworks").Count() + 1, all);
        await cloud.RefusedAsync(404, "notFound", "GET", "global/routes/nowhere");
        Assert.Contains("compute.routes.insert", (await cloud.RefusedAsync(501, "notImplemented", "POST", "global/routes", """{"name":"mine"}"""))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_in_custom_mode_has_the_subnetworks_that_somebody_makes()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/networks", """{"name":"mine","autoCreateSubnetworks":false}""");
        await cloud.DoAsync("POST", "regions/us-west1/subnetworks", """{"name":"west","network":"global/networks/mine","ipCidrRange":"10.0.0.0/24"}""");
        await cloud.RefusedAsync(400, "invalid", "POST", "regions/us-east1/subnetworks", """{"name":"east","network":"global/networks/mine","ipCidrRange":"10.0.0.128/25"}""");
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", "global/networks/mine");
        Assert.Contains("Cannot delete auto subnetwork", (await cloud.RefusedAsync(400, "invalid", "DELETE", "regions/us-west1/subnetworks/default"))[0], StringComparison.Ordinal);
        await cloud.DoAsync("DELETE", "regions/us-west1/subnetworks/west");
        await cloud.DoAsync("DELETE", "global/networks/mine");
    }
}
