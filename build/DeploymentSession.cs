using Cake.Common.Diagnostics;
using Cake.Core;
using PrimeDeploy.Build.LocalCloud;
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
    /// <summary>What a shell reports for a program that Ctrl-C ended.</summary>
    private const int Interrupted = 130;

    private readonly ProgressConsole _console = new(line => context.Information("{0}", line), context.Report);
    private Task<Running>? _running;
    private VerificationReport? _verification;

    private BuildSettings Settings => context.Settings;

    /// <summary>Shows the resources of the step as they come, until all of them are there.</summary>
    public Task ShowAsync(Step step) => ExplainFailuresAsync(async () =>
    {
        var running = await RunAsync();
        _console.Show(step);
        try
        {
            await running.Run.Completion(step);
        }
        catch (Exception e) when (e is ResourceFailedException or ResourceBlockedException)
        {
            // What does not depend on the failure goes on to its end, so that nothing is left half made; then all failures are told at once.
            var report = await running.Run.Completed;
            throw new CakeException($"{string.Join("\n", report.Failures.Select(failure => failure.Message))}\nThe next run goes on from what is there.", e);
        }
    });

    /// <summary>Shows what an apply would do. A local cloud is started for it if none runs: an empty cloud has a plan too.</summary>
    public Task PlanAsync() => ExplainFailuresAsync(async () =>
    {
        var (cloud, _) = await CloudAsync();
        var plan = await new DeploymentEngine(cloud, _console).PlanAsync(await DescribeAsync(), cancellationToken: context.Cancellation);
        context.Report.Report(new PlanMade(TimeProvider.System.GetUtcNow(), plan));
        foreach (var line in plan.ToString().TrimEnd().Split('\n'))
            context.Information("{0}", line);
    });

    public Task VerifyAsync() => ExplainFailuresAsync(async () =>
    {
        var running = await RunAsync();
        _verification = await running.Engine.VerifyAsync(
            running.Service, running.Run, new VerificationOptions { SkipService = running.Simulated }, context.Cancellation);
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
            .. report.Outcomes.Select(o => (string[])[o.Resource.Kind, o.Resource.Name, EventText.Done(o.Action), o.Action == PlanAction.None ? "" : $"{o.Duration.TotalSeconds:F2}", o.Detail ?? ""])]);
        Show([["checkpoint", "asked", "from", "", "answer"],
            .. _verification.Checks.Select(c => (string[])[c.Checkpoint.ToString(), c.Asked, c.From, EventText.Word(c.Result), c.Answer])]);
        context.Information("{0}", "");
        context.Information("{0}", _running.Result.Simulated is { } why
            ? $"The machines are simulated: {why}"
            : $"Verified in {_console.Elapsed.TotalSeconds:F1} s. Open {_verification.Frontend}");
    }

    public Task TeardownAsync() => ExplainFailuresAsync(async () =>
    {
        // One that has to be started only to be taken down takes any port: its own may be another's by now.
        var local = Settings.Google || !Directory.Exists(Settings.LocalCloud.State) ? null : await LocalCloudAsync(Settings.LocalCloud with { Port = 0 });
        if (!Settings.Google && local is null)
        {
            context.Information("{0}", $"There is no local cloud in {Settings.LocalCloud.State}: nothing to take down.");
            return;
        }

        var cloud = local is null ? CloudConnection.Google() : CloudConnection.At(local.Endpoint);
        var report = await new DeploymentEngine(cloud, _console).TeardownAsync(Settings.Deployment, null, context.Cancellation);
        if (!report.Succeeded)
            throw new CakeException("Some resources could not be deleted:\n" + string.Join("\n", report.Items
                .Where(item => item.Result == TeardownResult.Failed).Select(item => $"{item.Kind} {item.Name}: {item.Message}")));
        context.Information("{0}", $"{report.Items.Count(item => item.Result == TeardownResult.Deleted)} resources deleted in {report.Duration.TotalSeconds:F1} s.");
        if (local is not null)
            await StopIfEmptyAsync(local);
    });

    private async Task StopIfEmptyAsync(LocalCloudProcess local)
    {
        var status = await LocalCloudStatus.AskAsync(local.Endpoint, context.Cancellation);
        if (status is { Resources: > 0 })
        {
            context.Information("{0}", $"The local cloud at {local.Endpoint} goes on: {status.Resources} resources of others are on it.");
            return;
        }
        await local.PurgeAsync(context.Cancellation);
        context.Information("{0}", "The local cloud has ended; no machine, namespace or file of it is left.");
    }

    private Task<Running> RunAsync() => _running ??= StartAsync();

    private async Task<Running> StartAsync()
    {
        var (cloud, simulated) = await CloudAsync();
        var service = await DescribeAsync();
        var engine = new DeploymentEngine(cloud, _console);
        var steps = context.TasksToExecute.Where(name => Enum.TryParse<Step>(name, out _)).Select(Enum.Parse<Step>).ToHashSet();
        return new Running(service, engine, engine.Start(service, new RunOptions { Steps = steps }, context.Cancellation), simulated);
    }

    private async Task<PrimeService> DescribeAsync() =>
        PrimeService.Describe(Settings.Deployment with { Program = await context.Programs.PrimesAsync(context.Cancellation) });

    private Task<(CloudConnection Cloud, string? Simulated)> CloudAsync() =>
        Settings.Google ? Task.FromResult<(CloudConnection, string?)>((CloudConnection.Google(), null)) : LocalAsync();

    private async Task<(CloudConnection Cloud, string? Simulated)> LocalAsync()
    {
        var local = await LocalCloudAsync(Settings.LocalCloud);
        context.Information("{0}", $"Local cloud {(local.Started ? "started" : "found")} at {local.Endpoint} (process {local.Status.Pid}).");
        if (local.Status.WhyNot is { } why)
            context.Warning("{0}", $"Machines are simulated: {why}");
        return (CloudConnection.At(local.Endpoint), local.Status.Simulated ? local.Status.WhyNot : null);
    }

    /// <summary>The one that runs, or a new one on the same folder: it takes over the machines of one that was killed.</summary>
    private async Task<LocalCloudProcess> LocalCloudAsync(LocalCloudSettings settings) =>
        await LocalCloudProcess.FindAsync(settings, context.Cancellation)
        ?? await LocalCloudProcess.StartAsync(await context.Programs.LocalCloudAsync(context.Cancellation), settings, context.Cancellation);

    /// <summary>Exceptions that mean something to the user become Cake's way to say so, without a stack trace.</summary>
    private static async Task ExplainFailuresAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException cancelled)
        {
            throw new CakeException(Interrupted, "Stopped. The next run goes on from what is there.", cancelled);
        }
        catch (DeploymentRefusedException refused)
        {
            throw new CakeException($"Nothing was changed, because of the settings:\n  --{string.Join("\n  --", refused.Problems)}", refused);
        }
        catch (CloudException unreachable)
        {
            throw new CakeException(unreachable.Message, unreachable);
        }
    }

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
