using Cake.Common.Diagnostics;
using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Publish")]
[TaskDescription("Publishes the program of the machines, and the local cloud where that is the target. Unchanged sources cost nothing.")]
public sealed class PublishTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => Explanation.ExplainAsync(context, async () =>
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var program = context.Programs.PrimesAsync(context.Cancellation);
        if (!context.Settings.Google)
            await context.Programs.LocalCloudAsync(context.Cancellation);
        var path = await program;
        context.Information($"{Path.GetRelativePath(context.Root, path)}: {new FileInfo(path).Length / 1e6:F0} MB ({clock.Elapsed.TotalSeconds:F1} s)");
    });
}
