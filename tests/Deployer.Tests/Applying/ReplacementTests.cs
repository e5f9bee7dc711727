using Google.Cloud.Compute.V1;
using Grpc.Core;

namespace PrimeDeploy.Deployer.Tests.Applying;

/// <summary>What the API cannot change is missing for as short a time as can be.</summary>
public sealed class ReplacementTests
{
    [Fact]
    public async Task A_forwarding_rule_is_replaced_at_its_address_with_nothing_in_between()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        Assert.True((await cloud.Engine.Start(service).Completed).Succeeded);
        await OnOtherPortAsync(cloud);
        cloud.Proxy.Forget();

        var run = cloud.Engine.Start(service);
        Assert.True((await run.Completed).Succeeded);

        Assert.Equal("forwarding rule prime-lb",
            Assert.Single((await run.Planned).Changes, change => change.Action is PlanAction.Replace).Resource.ToString());
        Assert.Equal("10.138.0.10:80", (await run.Completion(Step.ForwardingRule))[0].Detail);
        Assert.Equal(["DELETE prime-lb", "POST forwardingRules"], Changes(cloud).Where(call => call is "DELETE prime-lb" or "POST forwardingRules"));
    }

    [Fact]
    public async Task The_frontend_is_made_anew_at_its_address_when_its_new_program_is_there()
    {
        await using var cloud = await TestCloud.StartAsync();
        var first = cloud.Engine.Start(PrimeService.Describe(cloud.Options));
        Assert.True((await first.Completed).Succeeded);
        await File.WriteAllTextAsync(cloud.Workplace.Program, "another program");
        cloud.Proxy.Forget();

        var second = cloud.Engine.Start(PrimeService.Describe(cloud.Options));
        Assert.True((await second.Completed).Succeeded);

        Assert.Equal(await AddressAsync(first), await AddressAsync(second));
        var calls = Changes(cloud).ToList();
        Assert.True(calls.IndexOf("DELETE frontend") < calls.IndexOf("POST instances"));

        static async Task<Uri?> AddressAsync(DeploymentRun run) => (await run.Completion(Step.Frontend)).Single(outcome => outcome.Resource.Kind == "instance").Uri;
    }

    [Fact]
    public async Task What_is_replaced_stays_when_what_it_needs_cannot_be_made()
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.True((await cloud.Engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);
        await File.WriteAllTextAsync(cloud.Workplace.Program, "another program");
        cloud.Proxy.Forget();
        // The lease is written before anything is looked at.
        bool IsPlanned() => cloud.Requests("GET", "/instanceTemplates").Count > 0;
        cloud.Proxy.Faults = request => request.Path.Contains("/upload/", StringComparison.Ordinal) && IsPlanned()
            ? new(403, """{"error":{"code":403,"message":"Required 'storage.objects.create' permission","errors":[{"message":"x","domain":"global","reason":"forbidden"}]}}""")
            : null;

        var report = await cloud.Engine.Start(PrimeService.Describe(cloud.Options)).Completed;

        Assert.Contains(report.Blocked, blocked => blocked.ToString() == "instance frontend");
        Assert.Empty(cloud.Requests("DELETE", "/instances/frontend"));
    }

    private static IEnumerable<string> Changes(TestCloud cloud) =>
        cloud.Proxy.Requests.Select(request => $"{request.Method} {request.Path[(request.Path.LastIndexOf('/') + 1)..]}");

    /// <summary>Someone has made the rule anew, on another port, with its mark.</summary>
    private static async Task OnOtherPortAsync(TestCloud cloud)
    {
        var rules = new ForwardingRulesClientBuilder
        {
            Endpoint = cloud.Proxy.Endpoint.GetLeftPart(UriPartial.Authority), ChannelCredentials = ChannelCredentials.Insecure,
        }.Build();
        var (project, region, name) = (cloud.Options.Project, cloud.Options.Region, "prime-lb");
        var there = await rules.GetAsync(new() { Project = project, Region = region, ForwardingRule = name });
        await (await rules.DeleteAsync(new DeleteForwardingRuleRequest { Project = project, Region = region, ForwardingRule = name })).PollUntilCompletedAsync(TestCloud.Soon);
        var other = new Google.Cloud.Compute.V1.ForwardingRule
        {
            Name = name, Description = there.Description, LoadBalancingScheme = there.LoadBalancingScheme, IPAddress = there.IPAddress, IPProtocol = there.IPProtocol,
            Ports = { "8080" }, Network = there.Network, Subnetwork = there.Subnetwork, BackendService = there.BackendService,
        };
        await (await rules.InsertAsync(new InsertForwardingRuleRequest { Project = project, Region = region, ForwardingRuleResource = other })).PollUntilCompletedAsync(TestCloud.Soon);
    }
}
