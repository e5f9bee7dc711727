using Cake.Frosting;
using PrimeDeploy.Build.Projects;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Build")]
[TaskDescription("Compiles everything: product, build and tests.")]
public sealed class BuildTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) =>
        Dotnet.RunAsync(context.Root, ["build", "PrimeDeploy.sln", "--configuration", "Release", "--nologo", "--verbosity", "quiet"], context.Cancellation);
}
