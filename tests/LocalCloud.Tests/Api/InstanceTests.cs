using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class InstanceTests
{
    private const string Instances = "zones/us-west1-b/instances";

    internal static string Instance(string name, string more = "") =>
        $$$"""
        {"name":"{{{name}}}","machineType":"zones/us-west1-b/machineTypes/e2-standard-2",
         "disks":[{"boot":true,"initializeParams":{"sourceImage":"projects/debian-cloud/zones/-/imageFamilyViews/debian-12"}}],
         "networkInterfaces":[{"network":"global/networks/default","accessConfigs":[{"name":"external-nat","type":"ONE_TO_ONE_NAT"}]}]{{{more}}}}
        """;

    [Fact]
    public async Task An_instance_gets_addresses_and_runs()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", Instances, Instance("frontend", ""","tags":{"items":["frontend"]}"""));
        var instance = await cloud.GetAsync($"{Instances}/frontend");

        Assert.Equal("RUNNING", instance.Text("status"));
        Assert.Equal(cloud.Base + "zones/us-west1-b/machineTypes/e2-standard-2", instance.Text("machineType"));
        var nic = Assert.Single(instance.Objects("networkInterfaces"));
        Assert.Equal(("nic0", "10.138.0.2"), (nic.Text("name"), nic.Text("networkIP")));
        Assert.Equal(cloud.Base + "regions/us-west1/subnetworks/default", nic.Text("subnetwork"));
        var external = Assert.Single(nic.Objects("accessConfigs")).Text("natIP")!;
        Assert.StartsWith("127.", external, StringComparison.Ordinal);
        Assert.False(external.StartsWith("127.0.", StringComparison.Ordinal), external);
    }

    [Fact]
    public async Task An_instance_from_a_template_has_its_properties()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync();
        await cloud.DoAsync("POST", $"{Instances}?sourceInstanceTemplate={cloud.Base}global/instanceTemplates/primecalc", """{"name":"one"}""");
        var instance = await cloud.GetAsync($"{Instances}/one");
        Assert.Equal(["backend"], instance.Object("tags")!.Texts("items"));
        Assert.EndsWith("-compute@developer.gserviceaccount.com", instance.Objects("serviceAccounts").Single().Text("email"), StringComparison.Ordinal);
        Assert.Equal("echo hello", instance.Object("metadata")!.Objects("items").Single().Text("value"));
    }

    [Fact]
    public async Task Everything_wrong_with_an_instance_is_said_at_once()
    {
        await using var cloud = await TestCloud.StartAsync();
        var messages = await cloud.RefusedAsync(400, "invalid", "POST", Instances,
            """{"name":"x","machineType":"e9-huge","disks":[{"boot":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-1"}}],"networkInterfaces":[{"network":"global/networks/none"}]}""");
        Assert.Contains(messages, m => m.StartsWith("Invalid value for field 'resource.machineType': 'e9-huge'.", StringComparison.Ordinal));
        Assert.Contains(messages, m => m.StartsWith("Invalid value for field 'resource.disks[0].initializeParams.sourceImage':", StringComparison.Ordinal));
        Assert.Contains("The resource 'projects/test-project/global/networks/none' was not found", messages);
    }

    [Fact]
    public async Task A_zone_that_does_not_exist_is_named()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.Equal(["Invalid value for field 'zone': 'us-west9-x'. Unknown zone."], await cloud.RefusedAsync(400, "invalid", "POST", "zones/us-west9-x/instances", Instance("x")));
    }

    [Fact]
    public async Task A_stopped_instance_loses_its_external_address_and_starts_with_its_internal_one()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", Instances, Instance("one"));
        await cloud.DoAsync("POST", $"{Instances}/one/stop");
        var stopped = await cloud.GetAsync($"{Instances}/one");
        Assert.Equal("TERMINATED", stopped.Text("status"));
        Assert.Null(stopped.Objects("networkInterfaces").Single().Objects("accessConfigs").Single()["natIP"]);
        await cloud.DoAsync("POST", $"{Instances}/one/start");
        var started = (await cloud.GetAsync($"{Instances}/one")).Objects("networkInterfaces").Single();
        Assert.Equal("10.138.0.2", started.Text("networkIP"));
        Assert.NotNull(started.Objects("accessConfigs").Single()["natIP"]);
    }

    [Theory]
    [InlineData("setTags", "tags", """{"items":["a"],"fingerprint":"FP"}""", "tags")]
    [InlineData("setMetadata", "metadata", """{"items":[{"key":"a","value":"b"}],"fingerprint":"FP"}""", "metadata")]
    [InlineData("setLabels", null, """{"labels":{"a":"b"},"labelFingerprint":"FP"}""", "labels")]
    public async Task A_change_needs_the_latest_fingerprint(string verb, string? member, string body, string what)
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", Instances, Instance("one"));
        Assert.Equal([$"Supplied fingerprint does not match current {what} fingerprint."],
            await cloud.RefusedAsync(412, "conditionNotMet", "POST", $"{Instances}/one/{verb}", body.Replace("FP", "AAAAAAAAAAA=", StringComparison.Ordinal)));

        var before = await Fingerprint();
        await cloud.DoAsync("POST", $"{Instances}/one/{verb}", body.Replace("FP", before, StringComparison.Ordinal));
        Assert.NotEqual(before, await Fingerprint());

        async Task<string> Fingerprint()
        {
            var instance = await cloud.GetAsync($"{Instances}/one");
            return member is null ? instance.Text("labelFingerprint")! : instance.Object(member)!.Text("fingerprint")!;
        }
    }

    [Fact]
    public async Task What_people_wrote_into_metadata_comes_back_as_it_was()
    {
        await using var cloud = await TestCloud.StartAsync();
        var script = $"curl {cloud.Base}zones\nhttps://www.googleapis.com/compute/v1/projects/p";
        await cloud.DoAsync("POST", Instances, Instance("one", $$""","metadata":{"items":[{"key":"a","value":"{{script.Replace("\n", "\\n", StringComparison.Ordinal)}}"},{"key":"b","value":"https://www.googleapis.com/compute/v1/x"}]}"""));
        var items = (await cloud.GetAsync($"{Instances}/one")).Object("metadata")!.Objects("items").ToList();
        Assert.Equal([script, "https://www.googleapis.com/compute/v1/x"], items.Select(i => i.Text("value")));
    }

    [Fact]
    public async Task A_protected_instance_cannot_be_deleted()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", Instances, Instance("one", ""","deletionProtection":true"""));
        await cloud.RefusedAsync(400, "invalid", "DELETE", $"{Instances}/one");
        await cloud.DoAsync("POST", $"{Instances}/one/setDeletionProtection?deletionProtection=false");
        await cloud.DoAsync("DELETE", $"{Instances}/one");
    }
}
