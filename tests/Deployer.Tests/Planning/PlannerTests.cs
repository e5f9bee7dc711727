using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer.Tests.Planning;

public sealed class PlannerTests : IDisposable
{
    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public void Where_nothing_is_there_everything_is_created_in_order()
    {
        var service = Service();

        var plan = Compare(service, Found(service));

        Assert.Equal("18 to create", plan.Plan.Summary);
        Assert.True(plan.Plan.HasChanges);
    }

    [Fact]
    public void What_was_deployed_needs_nothing_although_the_server_filled_fields_in()
    {
        var service = Service();
        var found = Deployed(service);
        var rule = Message<Firewall>(found, "firewall rule http");
        rule.Id = 42;
        rule.SelfLink = "http://127.0.0.1:9900/compute/v1/projects/my-project/global/firewalls/http";
        rule.Network = "http://127.0.0.1:9900/compute/v1/projects/my-project/global/networks/default";
        rule.LogConfig = new FirewallLogConfig { Enable = false };

        var plan = Compare(service, found);

        Assert.Equal("18 unchanged", plan.Plan.Summary);
        Assert.False(plan.Plan.HasChanges);
    }

    [Fact]
    public void A_field_that_someone_else_changed_is_changed_back_in_place()
    {
        var service = Service();
        var found = Deployed(service);
        Message<Firewall>(found, "firewall rule http").Priority = 900;

        var change = Change(Compare(service, found), "firewall rule http");

        Assert.Equal(PlanAction.Update, change.Action);
        Assert.Equal("was changed by someone else", change.Reason);
        Assert.Equal("priority: 900 → 1000", Assert.Single(change.Differences).ToString());
    }

    [Fact]
    public void Another_machine_type_makes_a_new_template_beside_the_old_and_rolls_the_group_over()
    {
        var found = Deployed(Service());
        var service = Service(_workplace.Options with { MachineType = "e2-small" });
        var again = Found(service);
        foreach (var resource in service.Resources) again.Set(resource, found[Service(found).Resources.Single(old =>
            old.ToString() == resource.ToString())]);

        var plan = Compare(service, again);

        var template = Change(plan, "instance template primecalc");
        Assert.Equal(PlanAction.Replace, template.Action);
        Assert.Equal("the specification changed; properties.machineType cannot be changed in place", template.Reason);
        Assert.Equal("properties.machineType: e2-medium → e2-small", Assert.Single(template.Differences).ToString());
        var group = Change(plan, "managed instance group backend");
        Assert.Equal(PlanAction.Update, group.Action);
        Assert.Matches("^instanceTemplate: projects/my-project/global/instanceTemplates/primecalc → projects/my-project/global/instanceTemplates/primecalc-[0-9a-f]{8}$",
            Assert.Single(group.Differences).ToString());
        Assert.Equal("1 to update, 1 to replace, 16 unchanged", plan.Plan.Summary);
    }

    [Fact]
    public void What_cannot_be_changed_is_replaced_together_with_what_uses_it()
    {
        var service = Service();
        var found = Deployed(service);
        Message<Google.Cloud.Compute.V1.BackendService>(found, "backend service prime-service").Protocol = "UDP";

        var plan = Compare(service, found);

        Assert.Equal(PlanAction.Replace, Change(plan, "backend service prime-service").Action);
        var rule = Change(plan, "forwarding rule prime-lb");
        Assert.Equal(PlanAction.Replace, rule.Action);
        Assert.Equal("it uses backend service prime-service, which is replaced", rule.Reason);
        Assert.Equal(PlanAction.None, Change(plan, "managed instance group backend").Action);
    }

    [Theory]
    [InlineData("made by hand",
        "is there already and bears no mark of a deployment: it was made by someone else and is not touched. Delete it or rename it, deploy under another name (--name), or take it over (--adopt).")]
    [InlineData("primedeploy deployment=theirs spec=0123",
        "is there already and belongs to the deployment theirs: it is not touched. Tear that deployment down, deploy under another name (--name), or take it over (--adopt).")]
    public void What_bears_another_mark_or_none_is_not_touched(string description, string conflict)
    {
        var service = Service();
        var found = Deployed(service);
        var rule = Message<Firewall>(found, "firewall rule http");
        rule.Description = description;
        rule.Priority = 900;

        var assessment = Compare(service, found).Assessments.Single(pair => pair.Key.ToString() == "firewall rule http").Value;

        Assert.Equal(PlanAction.None, assessment.Action);
        Assert.Equal(conflict, assessment.Conflict);
    }

    [Fact]
    public void The_plan_reads_like_this()
    {
        var service = Service();
        var found = Deployed(service);
        Message<Firewall>(found, "firewall rule http").SourceRanges[0] = "0.0.0.0/0";
        found.Set(service.Resources.Single(resource => resource.ToString() == "instance frontend"), null);

        var lines = Compare(service, found).Plan.ToString().Split('\n');

        Assert.Contains("  ~ firewall rule http  (was changed by someone else)", lines);
        Assert.Contains("      sourceRanges: 0.0.0.0/0 → 10.138.0.0/20", lines);
        Assert.Contains("  + instance frontend  (not there)", lines);
        Assert.Contains("  = health check ilb-health", lines);
        Assert.Equal("1 to create, 1 to update, 16 unchanged", lines[^2]);
    }

    private PrimeService Service(DeploymentOptions? options = null) => PrimeService.Describe(options ?? _workplace.Options);

    private PrimeService Service(Observed found) => (PrimeService)found.Deployment;

    private static Observed Found(Deployment deployment) => new(deployment, null);

    /// <summary>As if everything had been made just as it was wanted.</summary>
    private static Observed Deployed(PrimeService service)
    {
        var found = Found(service);
        foreach (var resource in service.Resources)
        {
            if (resource is SubnetworkAccess)
                found.Set(resource, new Subnetwork { Name = "default", IpCidrRange = "10.138.0.0/20", PrivateIpGoogleAccess = true });
            else
                found.Set(resource, resource.Assess(null, found).Desired);
        }
        return found;
    }

    private static PlanInDetail Compare(Deployment deployment, Observed found) => Planner.Compare(deployment, deployment.Resources, found);

    private static PlannedChange Change(PlanInDetail plan, string resource) =>
        plan.Plan.Changes.Single(change => change.Resource.ToString() == resource);

    private static T Message<T>(Observed found, string resource) =>
        (T)found[found.Deployment.Resources.Single(one => one.ToString() == resource)]!;
}
