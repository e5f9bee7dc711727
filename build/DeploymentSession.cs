using Cake.Common.Diagnostics;
using Cake.Core;
using PrimeDeploy.Build.Reporting;
using PrimeDeploy.Build.Settings;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build;

/// <summary>
/// The deployment that a run of the build works on. The first task that asks for it starts one parallel apply of the steps of all the tasks that are
/// about to run; the tasks then await their parts of it in Cake's order, so that the whole takes as long as its longest path.
/// </summary>
internal sealed class DeploymentSession(BuildContext context)
{
    private readonly CloudSession _cloud = new(context);
    private Task<Running>? _running;
    private VerificationReport? _verification;

    private BuildSettings Settings => context.Settings;

    /// <summary>The steps whose tasks run.</summary>
    private HashSet<Step> Steps => [.. context.TasksToExecute.Where(name => Enum.TryParse<Step>(name, out _)).Select(Enum.Parse<Step>)];

    /// <summary>Shows the resources of the step as they come, until all of them are there.</summary>
    public Task ShowAsync(Step step) => ExplainAsync(async () =>
    {
        var running = await RunAsync();
        _cloud.Console.Show(step);
        try
        {
            await running.Run.Completion(step);
        }
        catch (Exception e) when (e is ResourceFailedException or ResourceBlockedException)
        {
            // What does not depend on the failure goes on to its end, so that nothing is left half made; then all failures are told at once.
            throw new CakeException(WhatFailed(await running.Run.Completed), e);
        }
    });

    /// <summary>Shows what an apply would do. A local cloud is started for it if none runs: an empty cloud has a plan too.</summary>
    public Task PlanAsync() => ExplainAsync(async () =>
    {
        var (engine, _) = await _cloud.OpenAsync();
        var plan = await engine.PlanAsync(await DescribeAsync(), Settings.Run, context.Cancellation);
        _cloud.Console.Log(new PlanMade(TimeProvider.System.GetUtcNow(), plan));
        if (Settings.JsonOutput)
            context.Output.Write(plan.ToJson());
        else
            foreach (var line in plan.ToString().TrimEnd().Split('\n'))
                context.Information("{0}", line);
        if (Settings.DetailedExitCode && plan.HasChanges)
            context.Exit.Set(ExitStatus.Changes);
    });

    /// <summary>Shows what is wanted and how it hangs together, as it stands before any cloud is asked.</summary>
    public Task ShowGraphAsync() => ExplainAsync(async () =>
    {
        var resources = (await DescribeAsync()).Resources.OrderBy(r => r.Step).ToList();
        if (Settings.JsonOutput)
        {
            context.Output.WriteJson(resources.Select(r => new { r.Kind, r.Name, Task = r.Step.ToString(), Needs = r.DependsOn.Select(n => n.ToString()) }));
            return;
        }
        Show([["task", "resource", "needs"],
            .. resources.Select(r => (string[])[r.Step.ToString(), r.ToString(), string.Join(", ", r.DependsOn)])]);
    });

    /// <summary>Verifies what this run has deployed, or, when it deploys nothing, what is there.</summary>
    public Task VerifyAsync() => ExplainAsync(async () =>
    {
        _verification = Steps.Count > 0 ? await VerifyRunAsync(await RunAsync()) : await VerifyExistingAsync();
        var failed = _verification.Checks.Where(check => check.Result == CheckResult.Failed).ToList();
        if (failed.Count > 0)
            throw new CakeException("The deployment does not serve as it should:\n" + string.Join("\n", failed.Select(Describe)));
    });

    /// <summary>Lets the apply come to its end, also where no task waited for all of it: there it gives back the deployment's lease, which the next run needs.</summary>
    public async Task EndAsync()
    {
        if (_running is not { IsCompletedSuccessfully: true, Result: var running })
            return;
        // What failed was told by the task that waited for it.
        await Task.WhenAny(running.Run.Completed);
        await running.Run.ReleaseLeaseAsync();
    }

    public void ShowSummary()
    {
        if (_running is null || _verification is null)
        {
            context.Information("{0}", "Deploy only sums up what its steps did, and --exclusive left them out: nothing was deployed.");
            return;
        }

        var report = _running.Result.Run.Completed.Result;
        Show([["resource", "name", "", "seconds", ""],
            .. report.Outcomes.Select(o => (string[])[o.Resource.Kind, o.Resource.Name, EventText.Done(o.Action), o.Action == PlanAction.None ? "" : $"{o.Duration.TotalSeconds:F2}", o.Detail ?? ""]),
            .. report.Deleted.Select(d => (string[])[d.Kind, d.Name, "deleted", $"{d.Duration.TotalSeconds:F2}", "no longer wanted"])]);
        Show([["checkpoint", "asked", "from", "", "answer"],
            .. _verification.Checks.Select(c => (string[])[c.Checkpoint.ToString(), c.Asked, c.From, EventText.Word(c.Result), c.Answer])]);
        context.Information("{0}", "");
        context.Information("{0}", _running.Result.Simulated is { } why
            ? $"The machines are simulated: {why}"
            : $"Verified in {_cloud.Console.Elapsed.TotalSeconds:F1} s. Open {_verification.Frontend}");
    }

    public Task TeardownAsync() => ExplainAsync(async () =>
    {
        if (await _cloud.OpenExistingAsync() is not { } cloud)
            return;
        var report = await cloud.Engine.TeardownAsync(Settings.Deployment, Settings.Run, context.Cancellation);
        if (!report.Succeeded)
            throw new CakeException(DeploymentList.WhatIsLeft(report));
        context.Information("{0}", $"{report.Items.Count(item => item.Result == TeardownResult.Deleted)} resources deleted in {report.Duration.TotalSeconds:F1} s.");
        if (cloud.Local is { } local)
            await _cloud.EndIfEmptyAsync(local);
    });

    private async Task<VerificationReport> VerifyRunAsync(Running running)
    {
        // The steps are shown; what is not wanted any more is still being deleted.
        if (await running.Run.Completed is { Succeeded: false } report)
            throw new CakeException(WhatFailed(report));
        return await running.Engine.VerifyAsync(
            running.Service, running.Run, new VerificationOptions { SkipService = running.Simulated, Wait = Settings.Run.Wait }, context.Cancellation);
    }

    private async Task<VerificationReport> VerifyExistingAsync()
    {
        if (await _cloud.OpenExistingAsync() is not { } cloud)
            throw new CakeException("There is nothing to verify. Deploy first: ./build.sh --target=Deploy");
        return await cloud.Engine.VerifyAsync(
            await DescribeAsync(), new VerificationOptions { SkipService = cloud.Simulated, Wait = Settings.Run.Wait }, context.Cancellation);
    }

    private Task<Running> RunAsync() => _running ??= StartAsync();

    private async Task<Running> StartAsync()
    {
        var (engine, simulated) = await _cloud.OpenAsync();
        var service = await DescribeAsync();
        // Deployed and verified under one lease.
        var isVerified = context.TasksToExecute.Contains("Verify", StringComparer.OrdinalIgnoreCase);
        var options = Settings.Run with { Steps = Steps, KeepLease = isVerified, PrepareTest = isVerified && simulated is null };
        return new Running(service, engine, engine.Start(service, options, context.Cancellation), simulated);
    }

    private async Task<PrimeService> DescribeAsync() =>
        PrimeService.Describe(Settings.Deployment with { Program = await context.Programs.PrimesAsync(context.Cancellation) });

    private Task ExplainAsync(Func<Task> work) => Explanation.ExplainAsync(context, work);

    private static string WhatFailed(ApplyReport report) => string.Join("\n",
    [
        .. report.Failures.Select(failure => failure.Message),
        .. report.Deleted.Where(item => item.Result == TeardownResult.Failed).Select(item => $"{item.Kind} {item.Name}: {item.Message}"),
        "The next run goes on from what is there.",
    ]);

    private void Show(IReadOnlyList<IReadOnlyList<string>> table)
    {
        context.Information("{0}", "");
        foreach (var line in TextTable.Lines(table))
            context.Information("{0}", line);
    }

    private static string Describe(Check check) =>
        $"{check.Asked} from {check.From}: expected {check.Expected}, got {check.Answer}{(check.Evidence is { } evidence ? "\n    " + evidence.ReplaceLineEndings("\n    ") : "")}";

    /// <param name="Simulated">Why the machines are only simulated; null when they are real.</param>
    private sealed record Running(PrimeService Service, DeploymentEngine Engine, DeploymentRun Run, string? Simulated);
}
