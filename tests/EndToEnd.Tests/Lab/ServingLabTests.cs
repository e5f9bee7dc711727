using PrimeDeploy.LocalCloud.Tests.Machines;
using System.Runtime.Versioning;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

/// <summary>What is done to a lab that serves, while it is asked without a pause.</summary>
[SupportedOSPlatform("linux")]
public sealed class ServingLabTests(DeployedLab lab) : IClassFixture<DeployedLab>
{
    [NamespacesFact]
    public async Task Under_constant_load_no_request_fails_while_program_startup_script_machine_type_and_size_change()
    {
        var changed = lab.Now with
        {
            Program = lab.OtherProgram(), StartupScripts = lab.OtherScripts(script => script + "echo 'primedeploy: of a new version'\n"),
            MachineType = "e2-small", Size = 2,
        };
        await using var load = lab.StartLoad();
        await load.AnsweredByAsync(lab.Now.Size);
        var before = load.ServedBy;

        var address = (await lab.Engine.StatusAsync(lab.Now)).Single().Frontend;
        var service = PrimeService.Describe(changed);
        var run = lab.Engine.Start(service, new() { KeepLease = true });
        var report = await run.Completed;
        var proof = await lab.Engine.VerifyAsync(service, run);
        lab.Now = changed;
        await load.AnsweredByAsync(before.Count + changed.Size);
        await load.StopAsync();

        Assert.True(report.Succeeded, string.Join('\n', report.Failures.Select(failure => failure.Message)));
        Assert.True(proof.Succeeded, string.Join('\n', proof.Checks));
        Assert.Empty(load.Failures);
        Assert.Contains(report.Outcomes, outcome => outcome is { Resource.Kind: "instance", Action: PlanAction.Replace });
        Assert.Equal(address, proof.Frontend);
        Assert.Equal(["instance template", "object", "object"], report.Deleted.Select(deleted => deleted.Kind).Order());
        Assert.False((await lab.Engine.PlanAsync(service)).HasChanges);
    }

    [NamespacesFact]
    public async Task A_version_that_does_not_start_is_told_with_its_serial_output_and_taken_back_and_no_request_fails()
    {
        await using var load = lab.StartLoad();
        await load.AnsweredByAsync(lab.Now.Size);
        var before = load.ServedBy;
        var broken = lab.Now with { StartupScripts = lab.OtherScripts(_ => "#!/bin/bash\necho 'no such luck'\nexit 7\n") };

        var report = await lab.Engine.Start(PrimeService.Describe(broken)).Completed;

        var failure = Assert.Single(report.Failures);
        Assert.Equal(("managed instance group backend", "NotHealthy"), (failure.Resource.ToString(), failure.Error.Code));
        Assert.Contains("The startup script of a new machine failed.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("It was rolled back to primecalc", failure.Message, StringComparison.Ordinal);
        Assert.Contains("startup-script-url: no such luck", failure.Message, StringComparison.Ordinal);

        var good = PrimeService.Describe(lab.Now);
        Assert.True((await lab.Engine.Start(good).Completed).Succeeded);
        Assert.False((await lab.Engine.PlanAsync(good)).HasChanges);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(before.Keys.Order(), load.ServedBy.Keys.Order());
    }

    [NamespacesFact]
    public async Task Of_two_deployments_beside_each_other_each_is_made_and_taken_down_and_the_other_does_not_notice()
    {
        var service = PrimeService.Describe(lab.Now);
        var other = await UnnoticedAsync(null, lab.Now.Size, () => lab.Build.RunAsync("Deploy", "--size=1", "--name=pr-42"));
        LabPage.AssertRight(await LabPage.ReadAsync(other.Succeeded().Frontend), 1);
        Assert.Contains("forwarding rule pr-42-prime-lb: created", other.Output, StringComparison.Ordinal);

        var address = (await lab.Engine.StatusAsync(lab.Now)).Single(status => status.Name == "pr-42").Address;
        var (down, up) = await UnnoticedAsync(address, 1, async () => (await lab.Engine.TeardownAsync(lab.Now), await lab.Engine.Start(service).Completed));
        Assert.True(down.Succeeded, string.Join('\n', down.Items));
        Assert.True(up.Succeeded, string.Join('\n', up.Failures.Select(failure => failure.Message)));
        LabPage.AssertRight(await LabPage.ReadAsync(other.Frontend), 1);

        var teardown = await UnnoticedAsync(null, lab.Now.Size, () => lab.Build.RunAsync("Teardown", "--name=pr-42"));
        Assert.Contains("goes on", teardown.Succeeded().Output, StringComparison.Ordinal);
        Assert.False((await lab.Engine.PlanAsync(service)).HasChanges);
        Assert.True((await lab.Engine.VerifyAsync(service)).Succeeded);
    }

    [NamespacesFact]
    public async Task A_backend_whose_power_is_cut_spoils_no_page_of_those_who_ask_at_that_moment()
    {
        var frontend = (await lab.Engine.StatusAsync(lab.Now)).Single().Frontend!;
        await using var readers = new PageReaders(new Uri(frontend, "/1000000"), 1_000_000);
        await readers.ReadAsync(20);

        await lab.CutPowerAsync(await lab.BackendAsync());
        await readers.ReadAsync(200);
        await readers.StopAsync();

        Assert.Empty(readers.Failures);
        Assert.True((await lab.Engine.VerifyAsync(PrimeService.Describe(lab.Now))).Succeeded);
    }

    /// <summary>Does it while a load balancer is asked without a pause: no request fails, and all are answered by the machines of before.</summary>
    private async Task<T> UnnoticedAsync<T>(string? address, int machines, Func<Task<T>> what)
    {
        await using var load = lab.StartLoad(address);
        await load.AnsweredByAsync(machines);
        var before = load.ServedBy;
        var result = await what();
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(before.Keys.Order(), load.ServedBy.Keys.Order());
        return result;
    }
}
