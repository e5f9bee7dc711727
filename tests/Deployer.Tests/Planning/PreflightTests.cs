using System.Net;
using Google.Cloud.Compute.V1;
using PrimeDeploy.LocalCloud.Projects;
using PrimeDeploy.LocalCloud.Server;

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
        Assert.Equal(why, AddressCheck.WhyUnusable(IPAddress.Parse(address), IPNetwork.Parse("10.138.0.0/20")));

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_also_where_the_zone_is_not_known()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        cloud.Limit("my-project", new ProjectLimits
        {
            Quotas = new Dictionary<string, double> { ["CPUS"] = 4, ["FIREWALLS"] = 6 },
            DisabledServices = ["storage.googleapis.com"],
            DeniedPermissions = ["compute.firewalls.create", "compute.instances.create", "compute.instances.setTags"],
        });

        var problems = await RefusedAsync(cloud, workplace.Options with { Zone = "us-west1-x", FrontendMachineType = "e2-gigantic", Address = "10.9.0.1", Size = 5 });

        Assert.Equal(
        [
            "zone: 'us-west1-x' does not exist in project my-project. Zones of us-west1: us-west1-a, us-west1-b, us-west1-c.",
            "address: '10.9.0.1' is outside the region's subnet. Allowed is 10.138.0.2 to 10.138.15.253.",
            "frontend-machine-type: 'e2-gigantic' is not a machine type of us-west1-a. `gcloud compute machine-types list --zones us-west1-a` shows them; e2-medium is everywhere.",
            "quota FIREWALLS of my-project: 3 more are needed, and 2 of 6 are left. Ask for more of this quota, deploy fewer or smaller machines (--size, --machine-type), or use another region (--zone).",
            "quota CPUS of us-west1: 12 more are needed, and 4 of 4 are left. Ask for more of this quota, deploy fewer or smaller machines (--size, --machine-type), or use another region (--zone).",
            "project: the API storage.googleapis.com is not enabled in my-project. Run `gcloud services enable storage.googleapis.com --project=my-project`, and try again in a minute.",
            "project: the account that deploys may not work on my-project's resources of kind firewall rule: it lacks compute.firewalls.create. Grant it a role that has them; docs/google-cloud.md makes one.",
            "project: the account that deploys may not work on my-project's resources of kind instance: it lacks compute.instances.create, compute.instances.setTags. Grant it a role that has them; docs/google-cloud.md makes one.",
        ], problems);
    }

    [Theory]
    [InlineData("us-west9-b", "There is no region us-west9 either. Regions of us: us-central1, us-east1, us-east4, us-east5, us-south1, us-west1, us-west2, us-west3, us-west4.")]
    [InlineData("mars-north1-b", "There is no region mars-north1 either. Regions: africa-south1, asia-east1,")]
    public async Task Of_an_unknown_region_those_near_it_are_told(string zone, string near)
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();

        var problem = Assert.Single(await RefusedAsync(cloud, workplace.Options with { Zone = zone }));

        Assert.StartsWith($"zone: '{zone}' does not exist in project my-project. {near}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_that_is_off_is_told_with_the_permissions_that_are_missing_and_not_as_a_refused_call()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        cloud.Limit("my-project", new ProjectLimits { DisabledServices = ["compute.googleapis.com"], DeniedPermissions = ["storage.buckets.create"] });

        var problems = await RefusedAsync(cloud, workplace.Options);

        Assert.Equal(
        [
            "project: the API compute.googleapis.com is not enabled in my-project. Run `gcloud services enable compute.googleapis.com --project=my-project`, and try again in a minute.",
            "project: the account that deploys may not work on my-project's resources of kind bucket: it lacks storage.buckets.create. Grant it a role that has them; docs/google-cloud.md makes one.",
        ], problems);
    }

    [Fact]
    public async Task A_group_that_grows_beyond_the_quota_is_refused_before_it_is_changed()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        var engine = new DeploymentEngine(CloudConnection.At(cloud.Endpoint));
        Assert.True((await engine.Start(PrimeService.Describe(workplace.Options)).Completed).Succeeded);
        cloud.Limit("my-project", new ProjectLimits { Quotas = new Dictionary<string, double> { ["CPUS"] = 10 } });

        Assert.True((await engine.PlanAsync(PrimeService.Describe(workplace.Options with { Size = 4 }))).HasChanges);
        var problem = Assert.Single(await RefusedAsync(cloud, workplace.Options with { Size = 5 }));

        Assert.StartsWith("quota CPUS of us-west1: 4 more are needed, and 2 of 10 are left.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_machine_needs_its_processors_again_and_nothing_else_that_it_has()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        var connection = CloudConnection.At(cloud.Endpoint);
        var service = PrimeService.Describe(workplace.Options);
        Assert.True((await new DeploymentEngine(connection).Start(service).Completed).Succeeded);
        var stop = await connection.Instances.StopAsync(new() { Project = "my-project", Zone = "us-west1-b", Instance = "frontend" });
        await stop.PollUntilCompletedAsync(TestCloud.Soon);

        // The backends have 6 of them, the test instance and the frontend take 2 each; the test instance is the fifth machine.
        cloud.Limit("my-project", new ProjectLimits { Quotas = new Dictionary<string, double> { ["CPUS"] = 9, ["INSTANCES"] = 5 } });
        var problem = Assert.Single(await RefusedAsync(cloud, workplace.Options));
        Assert.StartsWith("quota CPUS of us-west1: 4 more are needed, and 3 of 9 are left.", problem, StringComparison.Ordinal);

        cloud.Limit("my-project", new ProjectLimits { Quotas = new Dictionary<string, double> { ["CPUS"] = 10, ["INSTANCES"] = 5 } });
        Assert.True((await new DeploymentEngine(connection).Start(service).Completed).Succeeded);
    }

    [Fact]
    public async Task A_test_instance_that_is_on_its_way_down_makes_room_for_the_next()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        var connection = CloudConnection.At(cloud.Endpoint);
        var service = PrimeService.Describe(workplace.Options);
        Assert.True((await new DeploymentEngine(connection).Start(service).Completed).Succeeded);
        var frontend = await connection.Instances.GetAsync("my-project", "us-west1-b", "frontend");
        var test = new Google.Cloud.Compute.V1.Instance
        {
            Name = "testinstance",
            MachineType = frontend.MachineType,
            Disks = { new AttachedDisk { Boot = true, AutoDelete = true, InitializeParams = new() { SourceImage = "projects/debian-cloud/global/images/family/debian-12" } } },
            NetworkInterfaces = { new NetworkInterface { Network = "global/networks/default" } },
        };
        var made = await connection.Instances.InsertAsync(new() { Project = "my-project", Zone = "us-west1-b", InstanceResource = test });
        await made.PollUntilCompletedAsync(TestCloud.Soon);

        // All are taken: by the backends, the frontend and the test instance.
        cloud.Limit("my-project", new ProjectLimits { Quotas = new Dictionary<string, double> { ["CPUS"] = 10, ["INSTANCES"] = 5 } });
        var other = PrimeService.Describe(workplace.Options with { FrontendMachineType = "e2-highcpu-2" });

        Assert.True((await new DeploymentEngine(connection).Start(other).Completed).Succeeded);
    }

    [Fact]
    public async Task The_frontends_address_has_to_be_reserved_and_then_used_and_the_test_instance_needs_one_too()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        void Allow(int reserved, int used) => cloud.Limit("my-project", new ProjectLimits
        {
            Quotas = new Dictionary<string, double> { ["STATIC_ADDRESSES"] = reserved, ["IN_USE_ADDRESSES"] = used },
        });

        Allow(reserved: 0, used: 1);
        var problems = await RefusedAsync(cloud, workplace.Options);
        Assert.Equal(
            ["quota STATIC_ADDRESSES of us-west1: 1 more are needed, and 0 of 0 are left.", "quota IN_USE_ADDRESSES of us-west1: 2 more are needed, and 1 of 1 are left."],
            problems.Select(problem => problem[..(problem.IndexOf(" left.", StringComparison.Ordinal) + 6)]));

        Allow(reserved: 1, used: 2);
        Assert.True((await new DeploymentEngine(CloudConnection.At(cloud.Endpoint)).Start(PrimeService.Describe(workplace.Options)).Completed).Succeeded);
    }

    [Fact]
    public async Task Where_nothing_has_to_be_done_nothing_more_is_asked()
    {
        using var workplace = new Workplace();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        var engine = new DeploymentEngine(CloudConnection.At(cloud.Endpoint));
        var service = PrimeService.Describe(workplace.Options);
        Assert.True((await engine.Start(service).Completed).Succeeded);
        var before = cloud.Calls;

        Assert.False((await engine.PlanAsync(service)).HasChanges);

        Assert.InRange(cloud.Calls - before, 1, service.Resources.Count);
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(LocalCloudServer cloud, DeploymentOptions options)
    {
        var engine = new DeploymentEngine(CloudConnection.At(cloud.Endpoint));
        return (await Assert.ThrowsAsync<DeploymentRefusedException>(() => engine.PlanAsync(PrimeService.Describe(options)))).Problems;
    }
}
