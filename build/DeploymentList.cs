using Cake.Common.Diagnostics;
using Cake.Core;
using PrimeDeploy.Build.Reporting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build;

/// <summary>All deployments of the project: what they are, and the end of those whose time is over.</summary>
internal sealed class DeploymentList(BuildContext context)
{
    private readonly CloudSession _cloud = new(context);

    public Task ShowAsync() => Explanation.ExplainAsync(context, async () =>
    {
        var cloud = await _cloud.OpenExistingAsync();
        var all = cloud is null ? [] : await cloud.Engine.StatusAsync(context.Settings.Deployment, context.Cancellation);
        if (context.Settings.JsonOutput)
            context.Output.WriteJson(new { Prices = PriceTable.Date, Deployments = all });
        else if (all.Count == 0)
            context.Information("{0}", "Nothing is deployed.");
        else
            Show(all, TimeProvider.System.GetUtcNow());
    });

    public Task TeardownExpiredAsync() => Explanation.ExplainAsync(context, async () =>
    {
        if (await _cloud.OpenExistingAsync() is not { } cloud)
            return;
        var all = await cloud.Engine.TeardownExpiredAsync(context.Settings.Deployment, context.Settings.Run, context.Cancellation);
        foreach (var one in all.Where(one => one.Succeeded))
        {
            context.Report.Removed(one.Name);
            context.Information("{0}", $"{one.Name}: expired {one.Expired.UtcDateTime:yyyy-MM-dd HH:mm} UTC, taken down in {one.Report!.Duration.TotalSeconds:F1} s.");
        }
        if (all.Count == 0)
            context.Information("{0}", "No deployment's time to live is over.");
        var left = all.Where(one => !one.Succeeded).Select(one => $"{one.Name}: {one.Problem ?? WhatIsLeft(one.Report!)}").ToList();
        if (left.Count > 0)
            throw new CakeException(string.Join("\n", left));
        if (cloud.Local is { } local)
            await _cloud.EndIfEmptyAsync(local);
    });

    /// <summary>For people, when a teardown failed.</summary>
    public static string WhatIsLeft(TeardownReport report) => "Some resources could not be deleted:\n" + string.Join("\n", report.Items
        .Where(item => item.Result == TeardownResult.Failed).Select(item => $"{item.Kind} {item.Name}: {item.Message}"));

    private void Show(IReadOnlyList<DeploymentStatus> all, DateTimeOffset now)
    {
        foreach (var line in TextTable.Lines([["name", "owner", "age", "expires", "health", "address", "open", "zone", "per hour"],
            .. all.Select(one => (string[])
            [
                one.Name, one.Owner ?? "?", one.Created is { } created ? Duration(now - created) : "?", Expiry(one.Expires, now),
                $"{one.Healthy} of {one.Backends} HEALTHY", one.Address ?? "-", one.Frontend?.ToString() ?? "-", one.Zone,
                one.CostPerHour is { } cost ? $"${cost:F3}" : "?",
            ])]))
            context.Information("{0}", line);
        context.Information("{0}", $"Costs are an estimate from list prices of {PriceTable.Date:yyyy-MM-dd}, on Google Cloud; the local cloud costs nothing.");
    }

    private static string Expiry(DateTimeOffset? expires, DateTimeOffset now) =>
        expires is not { } time ? "never" : time <= now ? $"over since {Duration(now - time)}" : $"in {Duration(time - now)}";

    private static string Duration(TimeSpan time) =>
        time.TotalDays >= 2 ? $"{time.TotalDays:F0} d" : time.TotalHours >= 2 ? $"{time.TotalHours:F0} h" : time.TotalMinutes >= 2 ? $"{time.TotalMinutes:F0} min" : $"{time.TotalSeconds:F0} s";
}
