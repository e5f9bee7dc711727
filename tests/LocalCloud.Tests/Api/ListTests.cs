using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class ListTests
{
    [Theory]
    [InlineData("name eq \".*\\bdefault\\-allow\\-ssh\\b.*\"", "ssh")]
    [InlineData("(name eq \"default-allow-.*\")(network eq \".*\\bdefault\\b.*\")(priority eq 65534)", "icmp internal rdp ssh")]
    [InlineData("name ne \"default-allow-(ssh|rdp)\"", "icmp internal")]
    [InlineData("name = default-allow-rdp OR name = default-allow-icmp", "icmp rdp")]
    [InlineData("(priority > 65533) (name:ssh)", "ssh")]
    [InlineData("NOT name = default-allow-*", "")]
    [InlineData("allowed.IPProtocol = icmp", "icmp internal")]
    [InlineData("disabled = false AND direction = \"INGRESS\"", "icmp internal rdp ssh")]
    public async Task Both_filter_dialects_choose(string filter, string expected)
    {
        await using var cloud = await TestCloud.StartAsync();
        var list = await cloud.GetAsync($"global/firewalls?filter={Uri.EscapeDataString(filter)}");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), list.Objects("items").Select(i => i.Text("name")!["default-allow-".Length..]));
    }

    [Fact]
    public async Task A_filter_that_makes_no_sense_is_refused()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.Contains("'name eq'", Assert.Single(await cloud.RefusedAsync(400, "invalid", "GET", "global/firewalls?filter=name+eq")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_one_another_to_the_end()
    {
        await using var cloud = await TestCloud.StartAsync();
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await cloud.GetAsync($"global/firewalls?maxResults=3{(token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}")}");
            names.AddRange(page.Objects("items").Select(i => i.Text("name")!));
            token = page.Text("nextPageToken");
        }
        while (token is not null);
        Assert.Equal(["default-allow-icmp", "default-allow-internal", "default-allow-rdp", "default-allow-ssh"], names);
    }

    [Fact]
    public async Task An_aggregated_list_shows_every_scope_and_says_which_are_empty()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync();
        var list = await cloud.GetAsync("aggregated/instanceTemplates");
        Assert.Equal("primecalc", list.Object("items")!.Object("global")!.Objects("instanceTemplates").Single().Text("name"));
        var empty = (await cloud.GetAsync("aggregated/instances")).Object("items")!;
        Assert.Equal("NO_RESULTS_ON_PAGE", empty.Object("zones/us-west1-b")!.Object("warning")!.Text("code"));
        Assert.False(empty.ContainsKey("global"));
    }

    [Fact]
    public async Task The_catalogue_has_zones_regions_machine_types_and_images()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.Equal(cloud.Base + "regions/us-west1", (await cloud.GetAsync("zones/us-west1-b")).Text("region"));
        Assert.Contains(cloud.Base + "zones/us-west1-b", (await cloud.GetAsync("regions/us-west1")).Texts("zones"));
        Assert.Equal(4096, (await cloud.GetAsync("zones/us-west1-b/machineTypes/e2-medium")).Integer("memoryMb"));
        Assert.Equal("debian-12", (await cloud.GetAsync("/compute/v1/projects/debian-cloud/global/images/family/debian-12")).Text("family"));
        Assert.Equal("test-project", (await cloud.GetAsync("/compute/v1/projects/test-project")).Text("name"));
        await cloud.RefusedAsync(404, "notFound", "GET", "zones/us-west1-z");
        await cloud.RefusedAsync(400, "invalid", "GET", "/compute/v1/projects/Bad/global/firewalls");
    }
}
