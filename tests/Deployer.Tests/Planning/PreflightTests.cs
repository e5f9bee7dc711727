using System.Net;

namespace PrimeDeploy.Deployer.Tests.Planning;

public sealed class PreflightTests
{
    [Theory]
    [InlineData("10.138.0.2", null)]
    [InlineData("10.138.0.10", null)]
    [InlineData("10.138.15.253", null)]
    [InlineData("10.138.0.1", "is one of the four that Google keeps in every subnet. Allowed is 10.138.0.2 to 10.138.15.253.")]
    [InlineData("10.138.15.254", "is one of the four that Google keeps in every subnet. Allowed is 10.138.0.2 to 10.138.15.253.")]
    [InlineData("10.138.16.1", "is outside the region's subnet. Allowed is 10.138.0.2 to 10.138.15.253.")]
    [InlineData("192.168.0.1", "is outside the region's subnet. Allowed is 10.138.0.2 to 10.138.15.253.")]
    public void An_address_has_to_be_one_that_the_subnet_gives_away(string address, string? why) =>
        Assert.Equal(why, Preflight.WhyUnusable(IPAddress.Parse(address), IPNetwork.Parse("10.138.0.0/20")));
}
