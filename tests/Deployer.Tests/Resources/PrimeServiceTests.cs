using System.Text.RegularExpressions;

namespace PrimeDeploy.Deployer.Tests.Resources;

public sealed partial class PrimeServiceTests
{
    [Fact]
    public void It_is_the_labs_resources_under_the_labs_names_in_the_labs_steps()
    {
        using var workplace = new Workplace();

        var service = PrimeService.Describe(workplace.Options);

        Assert.Equal(
            [
                "Bucket: bucket my-project-primedeploy-lab",
                "Bucket: object primes/50fda23bf0a5115d/primes",
                "Bucket: object startup/SHA/backend.sh",
                "Bucket: object startup/SHA/frontend.sh",
                "Bucket: object startup/SHA/probe.sh",
                "Bucket: subnet access default",
                "Template: instance template primecalc",
                "Firewall: firewall rule http",
                "Firewall: firewall rule http-health-check",
                "InstanceGroup: address prime-lb",
                "InstanceGroup: health check backend-healing",
                "InstanceGroup: managed instance group backend",
                "HealthCheck: health check ilb-health",
                "BackendService: backend service prime-service",
                "ForwardingRule: forwarding rule prime-lb",
                "Frontend: firewall rule http2",
                "Frontend: address frontend",
                "Frontend: instance frontend",
            ],
            service.Resources.Select(resource => $"{resource.Step}: {Shortened(resource.ToString())}").OrderBy(line =>
                Enum.Parse<Step>(line.Split(':')[0])));
    }

    [Fact]
    public void What_a_resource_needs_is_there_before_it()
    {
        using var workplace = new Workplace();
        var service = PrimeService.Describe(workplace.Options);

        IEnumerable<string> Needs(string name) => service.Resources.Single(resource =>
            resource.ToString() == name).DependsOn.Select(needed => needed.ToString());

        IEnumerable<string> SettlesAfter(string name) => service.Resources.Single(resource =>
            resource.ToString() == name).SettlesAfter.Select(needed => needed.ToString());

        Assert.Equal(["health check ilb-health", "managed instance group backend"], Needs("backend service prime-service").Order());
        Assert.Equal(["address prime-lb", "backend service prime-service"], Needs("forwarding rule prime-lb").Order());
        // The address first, or a machine may take it; the way to the bucket first, or its machines boot in vain. The health checks' way only
        // before the group is at rest, and the group only before the backend service is.
        Assert.Equal(
            ["address prime-lb", "firewall rule http-health-check", "health check backend-healing", "instance template primecalc",
                "subnet access default"],
            Needs("managed instance group backend").Order());
        Assert.Equal(["firewall rule http-health-check"], SettlesAfter("managed instance group backend"));
        Assert.Equal(["managed instance group backend"], SettlesAfter("backend service prime-service"));
        // The frontend does not wait for the load balancer: knowing its address is enough.
        Assert.DoesNotContain("forwarding rule prime-lb", Needs("instance frontend"));
    }

    [Fact]
    public void No_step_needs_a_later_one()
    {
        using var workplace = new Workplace();

        Assert.All(PrimeService.Describe(workplace.Options).Resources, resource =>
            Assert.All(resource.DependsOn, needed =>
                Assert.True(needed.Step <= resource.Step, $"{resource} of {resource.Step} needs {needed} of {needed.Step}")));
    }

    [Fact]
    public void Another_deployment_name_prefixes_everything_but_what_is_shared()
    {
        using var workplace = new Workplace();

        var service = PrimeService.Describe(workplace.Options with { Name = "pr-42" });

        Assert.All(service.Resources.Where(resource => resource.Kind is not ("bucket" or "object" or "subnet access")), resource =>
            Assert.StartsWith("pr-42-", resource.Name, StringComparison.Ordinal));
        Assert.Contains(service.Resources, resource => resource.Name == "my-project-primedeploy-pr-42");
    }

    [Fact]
    public void Bad_options_are_refused_with_all_their_problems()
    {
        using var workplace = new Workplace();

        var refused = Assert.Throws<DeploymentRefusedException>(() =>
            PrimeService.Describe(workplace.Options with { Size = -1, Zone = "nowhere" }));

        Assert.Equal(2, refused.Problems.Count);
    }

    /// <summary>Hashes are as good as their first 16 digits, and those of scripts change with a comment.</summary>
    private static string Shortened(string text) => ProgramHash().Replace(ScriptHash().Replace(text, "startup/SHA/"), "primes/${first}/");

    [GeneratedRegex("primes/(?<first>[0-9a-f]{16})[0-9a-f]{48}/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProgramHash();

    [GeneratedRegex("startup/[0-9a-f]{8}/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ScriptHash();
}
