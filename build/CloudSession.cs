using Cake.Common.Diagnostics;
using PrimeDeploy.Build.LocalCloud;
using PrimeDeploy.Build.Reporting;
using PrimeDeploy.Build.Settings;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build;

/// <summary>The way from a run of the build to the cloud that its settings name.</summary>
internal sealed class CloudSession(BuildContext context)
{
    private BuildSettings Settings => context.Settings;

    /// <summary>Shows what happens on whichever cloud it is.</summary>
    public ProgressConsole Console { get; } = new(
        line => context.Information("{0}", line), new EventLog(context.Settings.JsonLog ? context.Output : null, context.Report));

    /// <summary>The cloud, and why its machines are simulated; null when they are real. A local cloud is started if none runs.</summary>
    public async Task<(DeploymentEngine Engine, string? Simulated)> OpenAsync()
    {
        if (Settings.Google)
            return (Engine(null), null);
        var local = await LocalCloudAsync(Settings.LocalCloud);
        if (!local.Started)
            await local.AgreeAsync(Settings.LocalCloud, context.Cancellation);
        context.Information("{0}", $"Local cloud {(local.Started ? "started" : "found")} at {local.Endpoint} (process {local.Status.Pid}).");
        if (local.Status.WhyNot is { } why)
            context.Warning("{0}", $"Machines are simulated: {why}");
        return (Engine(local), local.Status.Simulated ? local.Status.WhyNot : null);
    }

    /// <summary>The cloud as far as there is one; null when the local cloud has no folder, so that there is nothing on it.</summary>
    public async Task<ExistingCloud?> OpenExistingAsync()
    {
        if (Settings.Google)
            return new(Engine(null), null);
        if (!Directory.Exists(Settings.LocalCloud.State))
        {
            context.Information("{0}", $"There is no local cloud in {Settings.LocalCloud.State}: nothing is deployed, nothing to take down.");
            return null;
        }
        // One that has to be started for this takes any port: its own may be another's by now.
        var local = await LocalCloudAsync(Settings.LocalCloud with { Port = 0 });
        return new(Engine(local), local);
    }

    /// <summary>Ends the local cloud when nothing is on it any more.</summary>
    public async Task EndIfEmptyAsync(LocalCloudProcess local)
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

    private DeploymentEngine Engine(LocalCloudProcess? local) =>
        new(local is null ? CloudConnection.Google() : CloudConnection.At(local.Endpoint), Console);

    /// <summary>The one that runs, or a new one on the same folder: it takes over the machines of one that was killed.</summary>
    private async Task<LocalCloudProcess> LocalCloudAsync(LocalCloudSettings settings) =>
        await LocalCloudProcess.FindAsync(settings, context.Cancellation)
        ?? await LocalCloudProcess.StartAsync(await context.Programs.LocalCloudAsync(context.Cancellation), settings, context.Cancellation);
}

/// <param name="Local">Null for Google Cloud.</param>
internal sealed record ExistingCloud(DeploymentEngine Engine, LocalCloudProcess? Local)
{
    /// <summary>Why its machines are only simulated; null when they are real.</summary>
    public string? Simulated => Local is { Status: { Simulated: true, WhyNot: var why } } ? why : null;
}
