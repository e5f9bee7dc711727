using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Networks;

namespace PrimeDeploy.LocalCloud.Tests.Documents;

public sealed class AddressAllocatorTests
{
    private static readonly ResourceName Subnetwork = new("p", "regions/us-west1", "subnetworks", "s");

    private static DocumentStore Store(string range)
    {
        var store = new DocumentStore();
        store.TryInsert(Subnetwork, new JsonObject { ["ipCidrRange"] = range });
        return store;
    }

    private static void Reserve(DocumentStore store, string address) => store.TryInsert(
        new ResourceName("p", "regions/us-west1", "addresses", "a" + address.Replace('.', '-')), new JsonObject { ["address"] = address, ["subnetwork"] = Subnetwork.Link });

    [Fact]
    public void The_lowest_free_address_is_given_until_none_is_left()
    {
        var store = Store("10.0.0.0/29");
        var given = new List<string>();
        while (AddressAllocator.Allocate(store, Subnetwork) is { } free)
        {
            given.Add(free.ToString());
            Reserve(store, free.ToString());
        }
        Assert.Equal(["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"], given);
    }

    [Theory]
    [InlineData("10.138.0.0", false)]
    [InlineData("10.138.0.1", false)]
    [InlineData("10.138.0.2", true)]
    [InlineData("10.138.15.253", true)]
    [InlineData("10.138.15.254", false)]
    [InlineData("10.138.15.255", false)]
    [InlineData("10.138.16.2", false)]
    public void The_first_two_and_the_last_two_addresses_are_nobodys(string address, bool usable) =>
        Assert.Equal(usable, AddressAllocator.IsUsable(IPNetwork.Parse("10.138.0.0/20"), IPAddress.Parse(address)));

    [Fact]
    public void A_reservation_in_use_counts_as_its_users()
    {
        var store = Store("10.0.0.0/24");
        Reserve(store, "10.0.0.9");
        Assert.Equal("addresses", AddressAllocator.UserOf(store, Subnetwork, IPAddress.Parse("10.0.0.9"))!.Value.Collection);
        store.TryInsert(new ResourceName("p", "regions/us-west1", "forwardingRules", "r"), new JsonObject { ["IPAddress"] = "10.0.0.9", ["subnetwork"] = Subnetwork.Link });
        Assert.Equal("forwardingRules", AddressAllocator.UserOf(store, Subnetwork, IPAddress.Parse("10.0.0.9"))!.Value.Collection);
    }
}
