using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class ExternalAddressTests
{
    private const string Addresses = "regions/us-west1/addresses";

    [Fact]
    public async Task A_reserved_external_address_stays_with_its_instance_and_outlives_it()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", Addresses, """{"name":"web"}""");
        var address = (await cloud.GetAsync($"{Addresses}/web")).Text("address")!;
        Assert.StartsWith("127.", address, StringComparison.Ordinal);
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", Instance("vm", address));
        Assert.Equal("IN_USE", (await cloud.GetAsync($"{Addresses}/web")).Text("status"));
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", $"{Addresses}/web");
        Assert.Contains("is already being used by", (await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-west1-b/instances", Instance("other", address)))[0], StringComparison.Ordinal);

        await cloud.DoAsync("POST", "zones/us-west1-b/instances/vm/stop");
        Assert.Equal(address, NatAddress(await cloud.GetAsync("zones/us-west1-b/instances/vm")));
        await cloud.DoAsync("DELETE", "zones/us-west1-b/instances/vm");
        Assert.Equal("RESERVED", (await cloud.GetAsync($"{Addresses}/web")).Text("status"));
        await cloud.DoAsync("DELETE", $"{Addresses}/web");
    }

    [Fact]
    public async Task An_address_that_is_not_reserved_cannot_be_asked_for_and_a_reserved_one_is_given_to_nobody_else()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", Addresses, """{"name":"web","addressType":"EXTERNAL"}""");
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", Instance("vm", null));
        Assert.NotEqual((await cloud.GetAsync($"{Addresses}/web")).Text("address"), NatAddress(await cloud.GetAsync("zones/us-west1-b/instances/vm")));
        Assert.Contains("was not found in region 'us-west1'", (await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-west1-b/instances", Instance("other", "127.9.9.9")))[0], StringComparison.Ordinal);
    }

    private static string? NatAddress(System.Text.Json.Nodes.JsonObject instance) =>
        instance.Objects("networkInterfaces").Single().Objects("accessConfigs").Single().Text("natIP");

    private static string Instance(string name, string? address)
    {
        var wanted = address is null ? "" : $", \"natIP\": \"{address}\"";
        return $$$"""
            {"name":"{{{name}}}","machineType":"zones/us-west1-b/machineTypes/e2-medium",
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "networkInterfaces":[{"network":"global/networks/default","accessConfigs":[{"name":"external-nat","type":"ONE_TO_ONE_NAT"{{{wanted}}}}]}]}
            """;
    }
}
