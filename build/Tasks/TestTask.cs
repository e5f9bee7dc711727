using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using PrimeDeploy.Build.Projects;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Test")]
[TaskDescription("Runs every test; the ones with machines need root on Linux.")]
[IsDependentOn(typeof(BuildTask))]
[IsDependentOn(typeof(PublishTask))]
public sealed class TestTask : AsyncFrostingTask<BuildContext>
{
    /// <summary>By these a run of the build knows its CI system. The runs that tests make are not for the page of the run that tests.</summary>
    private static readonly string[] CiSystem = ["GITHUB_ACTIONS", "TF_BUILD"];

    public override async Task RunAsync(BuildContext context)
    {
        var results = Path.Combine(context.Root, "artifacts", "test-results");
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);

        var assemblies = Directory.EnumerateDirectories(Path.Combine(context.Root, "tests"), "*.Tests").Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "bin", "Release", "net10.0", $"PrimeDeploy.{Path.GetFileName(folder)}.dll"));
        // Two projects at a time: what one waits for, another one computes meanwhile.
        var exitCode = await Dotnet.RunAsync(
            context.Root,
            ["test", .. assemblies, "--nologo", "--logger", "trx", "--logger", "console;verbosity=minimal", "--results-directory", results, "--", "RunConfiguration.MaxCpuCount=2"],
            Console.WriteLine,
            context.Cancellation,
            CiSystem);

        var sums = TestResults.Read(results);
        foreach (var (reason, tests) in sums.SkipReasons)
            context.Information($"{tests} skipped: {reason}");
        context.Information(sums.ToString());
        if (exitCode != 0 || sums.Failed > 0)
            throw new CakeException($"{sums.Failed} of {sums.Passed + sums.Failed} tests failed. Their details: {results}");
    }
}
