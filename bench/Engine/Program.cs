using System.Diagnostics;
using System.Globalization;
using PrimeDeploy.Deployer;
using PrimeDeploy.EngineBench;
using PrimeDeploy.LocalCloud.Operations;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ([] or ["path" or "growth"]))
{
    Console.Error.WriteLine("Usage: bench/engine.sh [path|growth]   (both by default)");
    return 2;
}
await WarmUpAsync();
if (args is [] or ["path"]) await PathAsync();
if (args is [] or ["growth"]) await GrowthAsync();
return 0;

// What is compiled at the first run is not what is measured.
static async Task WarmUpAsync()
{
    await using var scene = await Scene.StartAsync(LatencyProfile.Instant);
    await scene.DeployAsync(PrimeService.Describe(scene.Options));
}

static async Task PathAsync()
{
    Console.WriteLine("| realistic latency | | target |\n|---|--:|--:|");
    (TimeSpan Deployed, TimeSpan Verified) ours;
    await using (var scene = await Scene.StartAsync(LatencyProfile.Realistic))
    {
        var service = PrimeService.Describe(scene.Options);
        ours = await scene.ProveAsync(service);
        var deployed = ours.Deployed.TotalSeconds;
        var (path, way) = await LongestPath.OfAsync(service, scene.Cloud.Endpoint);
        Console.WriteLine($"| deployment of {service.Resources.Count} resources | {deployed:0.0} s | |");
        Console.WriteLine($"| longest path of its operations: {way} | {path:0.0} s | |");
        Console.WriteLine($"| … the one over the other | {deployed / path:0.00} | ≤ 1.10 |");

        var before = scene.Calls.Count;
        var (took, plan) = await TimedAsync(() => scene.Engine.PlanAsync(service));
        Console.WriteLine($"| `Plan` of the unchanged deployment: {plan.Summary} | {took.TotalSeconds:0.00} s, {scene.Calls.Count - before} calls | ≤ 1 s, ≤ {service.Resources.Count} calls |");
    }
    await using (var scene = await Scene.StartAsync(LatencyProfile.Realistic))
    {
        if (await LabCommands.RunAsync(scene.Cloud.Endpoint, scene.Options.StartupScripts) is { } lab)
        {
            Console.WriteLine($"| the lab's gcloud commands for the same, one after the other | {lab.WithoutTest.TotalSeconds:0.0} s, {lab.WithoutTest / ours.Deployed:0.0} times | ≥ 3 times |");
            Console.WriteLine($"| deployed and verified | {ours.Verified.TotalSeconds:0.0} s | |");
            Console.WriteLine($"| the lab's gcloud commands with its test instance | {lab.All.TotalSeconds:0.0} s, {lab.All / ours.Verified:0.0} times | ≥ 3 times |");
        }
    }
}

static async Task GrowthAsync()
{
    Console.WriteLine("\n| machines | deployed in | calls | planned again in | calls |\n|--:|--:|--:|--:|--:|");
    foreach (var size in (int[])[3, 30, 300])
    {
        await using var scene = await Scene.StartAsync(LatencyProfile.Instant);
        var service = PrimeService.Describe(scene.Options with { Size = size });
        var (took, _) = await TimedAsync(() => scene.DeployAsync(service));
        var calls = scene.Calls.Count;
        var (planned, _) = await TimedAsync(() => scene.Engine.PlanAsync(service));
        Console.WriteLine($"| {size} | {took.TotalSeconds:0.00} s | {calls} | {planned.TotalSeconds:0.00} s | {scene.Calls.Count - calls} |");
    }

    Console.WriteLine("\n| deployments at once, realistic latency | deployed in | calls of each | most calls of a group in a minute |\n|--:|--:|--:|--:|");
    foreach (var count in (int[])[1, 10, 50])
    {
        await using var scene = await Scene.StartAsync(LatencyProfile.Realistic);
        var services = Enumerable.Range(1, count).Select(number => PrimeService.Describe(scene.Options with { Name = $"d{number}" })).ToList();
        var (took, _) = await TimedAsync(() => Task.WhenAll(services.Select(scene.DeployAsync)));
        Console.WriteLine($"| {count} | {took.TotalSeconds:0.0} s | {(double)scene.Calls.Count / count:0} | {CallRate.MostInAMinute(scene.Calls)} |");
    }
}

static async Task<(TimeSpan Took, T Result)> TimedAsync<T>(Func<Task<T>> run)
{
    var started = Stopwatch.GetTimestamp();
    var result = await run();
    return (Stopwatch.GetElapsedTime(started), result);
}
