using System.Net;
using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class DiskTests
{
    private const string Zone = "zones/us-west1-b";

    [Fact]
    public async Task An_instance_brings_its_boot_disk_and_takes_it_along()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", $"{Zone}/instances", Instance("""{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12","diskSizeGb":"20"}}"""));
        var disk = await cloud.GetAsync($"{Zone}/disks/vm");
        Assert.Equal("20", disk.Text("sizeGb"));
        Assert.EndsWith("/global/images/debian-12-bookworm-v20251111", disk.Text("sourceImage"), StringComparison.Ordinal);
        Assert.EndsWith($"{Zone}/instances/vm", Assert.Single(disk.Texts("users")), StringComparison.Ordinal);
        await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "DELETE", $"{Zone}/disks/vm");
        await cloud.DoAsync("DELETE", $"{Zone}/instances/vm");
        Assert.Equal(HttpStatusCode.NotFound, (await cloud.SendAsync("GET", $"{Zone}/disks/vm")).Status);
    }

    [Fact]
    public async Task A_disk_of_its_own_outlives_the_instance_that_it_is_attached_to()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", $"{Zone}/disks", """{"name":"data","sourceImage":"projects/debian-cloud/global/images/family/debian-12","type":"zones/us-west1-b/diskTypes/pd-ssd"}""");
        await cloud.DoAsync("POST", $"{Zone}/instances", Instance($$"""{"boot":true,"source":"{{Zone}}/disks/data"}"""));
        Assert.Equal("10", (await cloud.GetAsync($"{Zone}/instances/vm")).Objects("disks").Single().Text("diskSizeGb"));
        Assert.Contains("is already being used by", Assert.Single(await cloud.RefusedAsync(400, "resourceInUseByAnotherResource", "POST", $"{Zone}/instances",
            Instance($$"""{"boot":true,"source":"{{Zone}}/disks/data"}""", "other"))), StringComparison.Ordinal);
        await cloud.DoAsync("DELETE", $"{Zone}/instances/vm");
        await cloud.DoAsync("POST", $"{Zone}/disks/data/resize", """{"sizeGb":"30"}""");
        Assert.Equal("30", (await cloud.GetAsync($"{Zone}/disks/data")).Text("sizeGb"));
        await cloud.RefusedAsync(400, "invalid", "POST", $"{Zone}/disks/data/resize", """{"sizeGb":"20"}""");
    }

    [Fact]
    public async Task A_family_means_its_newest_image_that_is_not_deprecated_also_when_two_are_of_the_same_instant()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero));
        await using var cloud = await TestCloud.StartAsync(o => o with { Time = time });
        await cloud.DoAsync("POST", $"{Zone}/disks", """{"name":"golden","sourceImage":"projects/debian-cloud/global/images/family/debian-12"}""");
        await cloud.DoAsync("POST", "global/images", $$"""{"name":"web-1","family":"web","sourceDisk":"{{Zone}}/disks/golden"}""");
        await cloud.DoAsync("POST", "global/images", """{"name":"web-2","family":"web","sourceImage":"global/images/web-1"}""");
        Assert.Equal("web-2", (await cloud.GetAsync("global/images/family/web")).Text("name"));
        await cloud.DoAsync("POST", "global/images/web-2/deprecate", """{"state":"DEPRECATED"}""");
        Assert.Equal("web-1", (await cloud.GetAsync("global/images/family/web")).Text("name"));
        await cloud.DoAsync("POST", $"{Zone}/instances", Instance("""{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"global/images/family/web"}}"""));
        Assert.EndsWith("/global/images/web-1", (await cloud.GetAsync($"{Zone}/disks/vm")).Text("sourceImage"), StringComparison.Ordinal);
    }

    private static string Instance(string disk, string name = "vm") =>
        $$"""{"name":"{{name}}","machineType":"zones/us-west1-b/machineTypes/e2-medium","disks":[{{disk}}],"networkInterfaces":[{"network":"global/networks/default"}]}""";
}
