using System.Globalization;

namespace PrimeDeploy.DeployBench;

/// <summary>Deploys, deploys again and takes down, some times over, and looks at what is up once.</summary>
internal sealed class Benchmark(Options options)
{
    private readonly Checkout _checkout = new(options.Root);
    private readonly Processors _processors = new(options.Patience);
    private readonly List<TimeSpan> _deploy = [], _again = [], _teardown = [];

    /// <returns>A report in Markdown.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        Figures figures = new([], []);
        TimeSpan? fresh = null;
        var loadBefore = ThisComputer.Load();
        try
        {
            Say("Building and publishing, so that the measured runs find it done ...");
            await _checkout.DeployAsync(cancellationToken);
            await _checkout.TeardownAsync(cancellationToken);
            for (var run = 1; run <= options.Runs; run++)
            {
                _deploy.Add(await TimedAsync($"Deploy {run}", _checkout.DeployAsync, cancellationToken));
                _again.Add(await TimedAsync($"Deploy {run} again", _checkout.DeployAsync, cancellationToken));
                if (run == options.Runs)
                    figures = await Figures.TakeAsync(_checkout, options.IdleSeconds, Say, cancellationToken);
                _teardown.Add(await TimedAsync($"Teardown {run}", _checkout.TeardownAsync, cancellationToken));
            }
            if (options.FreshClone)
                fresh = await FreshCloneAsync(cancellationToken);
        }
        catch
        {
            await _checkout.TeardownAsync(CancellationToken.None);
            throw;
        }
        return Report(figures, fresh, loadBefore);
    }

    private async Task<TimeSpan> FreshCloneAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("primedeploy-bench-").FullName;
        try
        {
            var clone = new Checkout(Path.Combine(folder, "clone"));
            try
            {
                return await TimedAsync("Fresh clone", async cancel =>
                    await Checkout.RunAsync(folder, "git", ["clone", "--quiet", options.Root, clone.Root], cancel) + await clone.DeployAsync(cancel), cancellationToken);
            }
            finally
            {
                if (Directory.Exists(clone.State))
                    await clone.TeardownAsync(CancellationToken.None);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<TimeSpan> TimedAsync(string what, Func<CancellationToken, Task<TimeSpan>> command, CancellationToken cancellationToken)
    {
        await _processors.WaitUntilFreeAsync(cancellationToken);
        var took = await command(cancellationToken);
        Say($"{what}: {Seconds(took)}");
        return took;
    }

    private List<string> Report(Figures figures, TimeSpan? fresh, string loadBefore)
    {
        var runs = options.Runs;
        List<IReadOnlyList<string>> table =
        [
            ["", "median", "least to most", "target"],
            Row($"Deploy, from command to verified, local cloud not running ({runs} runs)", _deploy, "≤ 10 s"),
            Row($"Deploy again, nothing to change ({runs} runs)", _again, "≤ 4 s"),
            Row($"Teardown ({runs} runs)", _teardown, "–"),
            .. fresh is { } took ? new[] { Row("Fresh clone to verified, packages in NuGet's cache (1 run)", [took], "≤ 180 s") } : [],
            .. figures.Usage,
        ];
        return
        [
            $"{ThisComputer.Describe()}. Load average before: {loadBefore}, after: {ThisComputer.Load()}. " +
            $"Measured runs that started on busy processors: {_processors.Disturbed}.", "",
            .. Markdown.Table(table), "",
            .. Markdown.Table([["calls of a Deploy that changes nothing", ""], .. figures.Calls]),
        ];
    }

    private static IReadOnlyList<string> Row(string what, List<TimeSpan> times, string target)
    {
        var sorted = times.Order().ToList();
        return [what, Seconds(sorted[sorted.Count / 2]), sorted.Count == 1 ? "" : $"{Seconds(sorted[0])} to {Seconds(sorted[^1])}", target];
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private static void Say(string line) => Console.Error.WriteLine(line);
}
