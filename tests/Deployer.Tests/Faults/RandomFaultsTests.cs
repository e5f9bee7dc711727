using System.Collections.Concurrent;
using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Server;
using Xunit.Abstractions;
using CloudFault = PrimeDeploy.LocalCloud.Faults.Fault;

namespace PrimeDeploy.Deployer.Tests.Faults;

/// <summary>Everything that passes goes wrong again and again; what is deployed in the end is what was wanted, and was made once.</summary>
public sealed class RandomFaultsTests(ITestOutputHelper output)
{
    private const int Runs = 200;

    [Fact]
    public async Task Two_hundred_deployments_and_teardowns_converge_although_a_fifth_of_all_calls_fail_and_nothing_is_made_twice()
    {
        using var workplace = new Workplace();
        var expected = await ExpectedAsync(workplace);
        var problems = new ConcurrentQueue<string>();
        long calls = 0, faults = 0;

        // Nearly all of a run is waiting until it may try again.
        await Parallel.ForEachAsync(Enumerable.Range(1, Runs), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (seed, _) =>
        {
            try
            {
                var (made, failed) = await RunAsync(workplace, seed, expected);
                Interlocked.Add(ref calls, made);
                Interlocked.Add(ref faults, failed);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                problems.Enqueue($"Seed {seed}: {exception.Message}");
            }
        });

        output.WriteLine($"{calls} calls, of which {faults} went wrong: {100.0 * faults / calls:0.0} %");
        Assert.True(problems.IsEmpty, $"{problems.Count} of {Runs} did not: {string.Join('\n', problems.Take(10))}");
        Assert.InRange((double)faults / calls, 0.18, 0.25);
    }

    private static async Task<(long Calls, long Faults)> RunAsync(Workplace workplace, int seed, IReadOnlyList<string> expected)
    {
        var time = new FastTime(10);
        var made = new ConcurrentQueue<string>();
        await using var cloud = await LocalCloudServer.StartTemporaryAsync(options => options with { Time = time, Created = made.Enqueue });
        var engine = new DeploymentEngine(CloudConnection.At(cloud.Endpoint), null, time);
        var service = PrimeService.Describe(workplace.Options);

        cloud.AddFaults(Mixture(seed));
        var deployed = await engine.Start(service).Completed;
        Assert.True(deployed.Succeeded, $"deploy: {string.Join('\n', deployed.Failures.Select(failure => failure.Message))}");
        var teardownSeed = seed + Runs;
        var before = Struck(cloud);
        var calls = cloud.Calls;
        cloud.ClearFaults();
        // Giving the lease back has 5 s, which is half a second here: where that was too short, it ends by itself.
        Assert.Equal(expected, (await Inventory.ReadAsync(cloud.Endpoint, workplace.Options.Project)).Where(thing => thing != $"objects/{Lease.ObjectName}"));
        Assert.Empty(made.CountBy(path => path).Where(thing => thing.Value > 1).Select(thing => thing.Key));
        Assert.Equal(3, made.Count(path => path.Contains("/instances/backend-", StringComparison.Ordinal)));
        var plan = await engine.PlanAsync(service);
        Assert.False(plan.HasChanges, plan.ToString());

        cloud.AddFaults(Mixture(teardownSeed));
        calls -= cloud.Calls;
        var report = await engine.TeardownAsync(workplace.Options);
        calls += cloud.Calls;
        var after = Struck(cloud);
        Assert.True(report.Succeeded, $"teardown: {string.Join('\n', report.Items)}");
        cloud.ClearFaults();
        Assert.Empty(await Inventory.ReadAsync(cloud.Endpoint, workplace.Options.Project));
        return (calls, before + after);
    }

    /// <summary>What every deployment without faults comes to.</summary>
    private static async Task<IReadOnlyList<string>> ExpectedAsync(Workplace workplace)
    {
        await using var cloud = await LocalCloudServer.StartTemporaryAsync();
        var report = await new DeploymentEngine(CloudConnection.At(cloud.Endpoint)).Start(PrimeService.Describe(workplace.Options)).Completed;
        Assert.True(report.Succeeded);
        return await Inventory.ReadAsync(cloud.Endpoint, workplace.Options.Project);
    }

    private static long Struck(LocalCloudServer cloud) => cloud.Faults.Sum(fault => fault.Struck);

    /// <summary>All kinds of failure that pass, together a fifth of all calls.</summary>
    private static CloudFault[] Mixture(int seed) =>
    [
        new() { Seed = seed, Probability = 0.03, Error = new(429) },
        new() { Seed = seed, Probability = 0.04, Error = new(503) },
        new() { Seed = seed, Probability = 0.02, Error = new(500) },
        new() { Seed = seed, Probability = 0.03, Error = new(403, "rateLimitExceeded", "Rate Limit Exceeded") },
        new() { Seed = seed, Probability = 0.03, Drop = DroppedAnswer.BeforeActing },
        new() { Seed = seed, Probability = 0.04, Drop = DroppedAnswer.AfterActing },
        .. NotReady(seed, "POST", "insert"), .. NotReady(seed, "PATCH", "patch"), .. NotReady(seed, "DELETE", "delete"),
        new() { Seed = seed, Probability = 0.05, Operation = new("RESOURCE_NOT_READY", Status: 400) },
        new() { Seed = seed, Probability = 0.05, Operation = new("INTERNAL_ERROR", Status: 500) },
        new() { Seed = seed, Probability = 0.3, Collection = "firewalls", HiddenReads = 2 },
        new() { Seed = seed, Probability = 0.3, Collection = "instanceGroupManagers", HiddenReads = 2 },
        new() { Seed = seed, Probability = 0.3, Collection = "addresses", HiddenReads = 2 },
    ];

    /// <summary>Compute Engine refuses so what has to do with something that is being made or deleted; Cloud Storage does not.</summary>
    private static IEnumerable<CloudFault> NotReady(int seed, string method, string verb) =>
        from collection in new[] { "firewalls", "healthChecks", "instanceTemplates", "addresses", "backendServices", "forwardingRules", "instanceGroupManagers", "instances" }
        select new CloudFault
        {
            Seed = seed, Probability = 0.1, Method = method, Collection = collection, Verb = verb,
            Error = new(400, "resourceNotReady", $"The resource 'projects/my-project/{collection}/x' is not ready"),
        };
}
