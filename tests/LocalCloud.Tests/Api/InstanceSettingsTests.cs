using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class InstanceSettingsTests
{
    private const string Vm = "zones/us-west1-b/instances/vm";

    [Fact]
    public async Task An_external_address_is_taken_away_and_given_again()
    {
        await using var cloud = await StartAsync();
        await cloud.DoAsync("POST", $"{Vm}/addAccessConfig?networkInterface=nic0", """{"name":"external-nat","type":"ONE_TO_ONE_NAT"}""");
        Assert.StartsWith("127.", Interface(await cloud.GetAsync(Vm)).Objects("accessConfigs").Single().Text("natIP"), StringComparison.Ordinal);
        await cloud.RefusedAsync(400, "invalid", "POST", $"{Vm}/addAccessConfig?networkInterface=nic0", "{}");
        await cloud.DoAsync("POST", $"{Vm}/deleteAccessConfig?networkInterface=nic0&accessConfig=external-nat");
        Assert.Empty(Interface(await cloud.GetAsync(Vm)).Objects("accessConfigs"));
    }

    [Fact]
    public async Task The_machine_type_changes_only_while_the_instance_is_stopped()
    {
        await using var cloud = await StartAsync();
        const string Wanted = """{"machineType":"zones/us-west1-b/machineTypes/e2-standard-2"}""";
        await cloud.RefusedAsync(400, "resourceNotReady", "POST", $"{Vm}/setMachineType", Wanted);
        await cloud.DoAsync("POST", $"{Vm}/stop");
        await cloud.DoAsync("POST", $"{Vm}/setMachineType", Wanted);
        await cloud.DoAsync("POST", $"{Vm}/setServiceAccount", """{"email":"robot@test-project.iam.gserviceaccount.com","scopes":[]}""");
        await cloud.DoAsync("POST", $"{Vm}/setScheduling", """{"automaticRestart":false}""");
        await cloud.DoAsync("POST", $"{Vm}/setDiskAutoDelete?autoDelete=false&deviceName=persistent-disk-0");
        var instance = await cloud.GetAsync(Vm);
        Assert.EndsWith("/machineTypes/e2-standard-2", instance.Text("machineType"), StringComparison.Ordinal);
        Assert.Equal("robot@test-project.iam.gserviceaccount.com", instance.Objects("serviceAccounts").Single().Text("email"));
        Assert.False(instance.Object("scheduling")!.Flag("automaticRestart"));
        Assert.False(instance.Objects("disks").Single().Flag("autoDelete"));
    }

    [Fact]
    public async Task How_long_it_may_run_changes_only_while_the_instance_is_stopped()
    {
        await using var cloud = await StartAsync();
        const string Wanted = """{"maxRunDuration":{"seconds":"3600"},"instanceTerminationAction":"DELETE"}""";
        await cloud.RefusedAsync(400, "resourceNotReady", "POST", $"{Vm}/setScheduling", Wanted);
        await cloud.DoAsync("POST", $"{Vm}/stop");
        await cloud.RefusedAsync(400, "invalid", "POST", $"{Vm}/setScheduling", """{"maxRunDuration":{"seconds":"5"},"instanceTerminationAction":"STOP"}""");
        await cloud.DoAsync("POST", $"{Vm}/setScheduling", Wanted);
        await cloud.DoAsync("POST", $"{Vm}/start");
        Assert.NotNull((await cloud.GetAsync(Vm)).Object("resourceStatus")?.Object("scheduling")?.Text("terminationTimestamp"));
    }

    private static JsonObject Interface(JsonObject instance) => instance.Objects("networkInterfaces").Single();

    private static async Task<TestCloud> StartAsync()
    {
        var cloud = await TestCloud.StartAsync();
        await cloud.AddTemplateAsync();
        await cloud.DoAsync("POST", "zones/us-west1-b/instances?sourceInstanceTemplate=global/instanceTemplates/primecalc", """{"name":"vm"}""");
        return cloud;
    }
}
