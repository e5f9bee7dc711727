using PrimeDeploy.Deployer;

namespace PrimeDeploy.Reporting.Tests;

public sealed class RunSummaryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reporting-");
    private readonly RunRecord _record = new();
    private readonly PrimeService _service;

    public RunSummaryTests()
    {
        // Objects are named by what is in their files.
        var scripts = _folder.CreateSubdirectory("startup");
        foreach (var name in (string[])["backend.sh", "frontend.sh", "probe.sh"])
            File.WriteAllText(Path.Combine(scripts.FullName, name), $"# {name}\n");
        var program = Path.Combine(_folder.FullName, "primes");
        File.WriteAllText(program, "program");
        _service = PrimeService.Describe(new DeploymentOptions { Project = "some-project", Program = program, StartupScripts = scripts.FullName });
    }

    /// <summary>Some of them: the page is the same whatever else a deployment has.</summary>
    private IEnumerable<Resource> Resources => _service.Resources.Where(resource => resource.Name is "http" or "primecalc" or "backend" or "prime-lb" or "frontend");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_deployment_is_a_page_of_resources_checkpoints_and_graph()
    {
        Plan(PlanAction.Create);
        foreach (var (i, resource) in Resources.Index())
            _record.Report(new ResourceFinished(Now, new ResourceOutcome(
                resource, PlanAction.Create, TimeSpan.FromSeconds(0.25 * i), null, resource.Name == "frontend" ? new Uri("http://127.1.2.3/") : null)));
        _record.Report(new CallRetried(Now, "create firewall rule http", 1, TimeSpan.FromSeconds(1), "503"));
        _record.Report(new CheckFinished(Now, new Check(Checkpoint.Frontend, "GET http://127.1.2.3/", "the internet", "100 cells", "100 cells | all right", CheckResult.Passed)));
        _record.Report(new CheckFinished(Now, new Check(Checkpoint.BackendGroup, "health", "the API", "3 HEALTHY", "3 HEALTHY", CheckResult.Passed)));

        Golden.Equal(RunSummary.Write(Headline("Deploy", null) with { Cost = "about 0.20 USD an hour (estimate)" }, _record.Events()), "deploy.md");
    }

    [Fact]
    public void A_failure_tells_what_failed_what_was_left_out_and_what_was_seen()
    {
        Plan(PlanAction.Create);
        var template = Resources.First(r => r.Kind == "instance template");
        var group = Resources.First(r => r.Kind == "managed instance group");
        _record.Report(new ResourceFailed(Now, template, PlanAction.Create, TimeSpan.FromSeconds(3), new CloudError("create instance template", "403", "Required 'compute.instanceTemplates.create' permission", "Grant it.")));
        _record.Report(new ResourceBlocked(Now, group, template));
        _record.Report(new CheckFinished(Now, new Check(Checkpoint.TestInstance, "GET http://10.138.0.10/2", "testinstance", "True", "no answer", CheckResult.Failed, "boot\n```\nstartup-script exit status 1")));

        Golden.Equal(RunSummary.Write(Headline("Deploy", "instance template primecalc: 403\nThe next run goes on from what is there."), _record.Events()), "failure.md");
    }

    [Fact]
    public void A_plan_shows_differences()
    {
        var changes = Resources.Select(resource => resource.Kind == "firewall rule"
            ? new PlannedChange(resource, PlanAction.Update, [new FieldDifference("sourceRanges", "0.0.0.0/0", "10.138.0.0/20")], "changed by hand")
            : new PlannedChange(resource, PlanAction.None, [], null)).ToList();
        _record.Report(new PlanMade(Now, Plans.Of(_service, changes)));

        Golden.Equal(RunSummary.Write(Headline("Plan", null), _record.Events()), "plan.md");
    }

    [Fact]
    public void A_teardown_tells_what_went_and_what_did_not()
    {
        _record.Report(new TeardownProgress(Now, new TeardownItem("firewall rule", "http", TeardownResult.Deleting, TimeSpan.Zero)));
        _record.Report(new TeardownProgress(Now, new TeardownItem("firewall rule", "http", TeardownResult.Deleted, TimeSpan.FromSeconds(1.5))));
        _record.Report(new TeardownProgress(Now, new TeardownItem("instance", "<frontend>", TeardownResult.Failed, TimeSpan.FromSeconds(2), "403: @all *forbidden*")));

        Golden.Equal(RunSummary.Write(Headline("TeardownExpired", "Some resources could not be deleted.") with { Deployment = null }, _record.Events()), "teardown.md");
    }

    private void Plan(PlanAction action) => _record.Report(new PlanMade(Now, Plans.Of(_service, [.. Resources.Select(r => new PlannedChange(r, action, [], null))])));

    private static RunHeadline Headline(string target, string? error) => new(target, "lab", "Google Cloud, project some-project", TimeSpan.FromSeconds(42.25), error);
}
