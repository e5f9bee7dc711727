using Cake.Common.Diagnostics;
using Cake.Frosting;
using PrimeDeploy.Build.Projects;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Pack")]
[TaskDescription("Makes the library's package, in artifacts/packages.")]
public sealed class PackTask : AsyncFrostingTask<BuildContext>
{
    public override async Task RunAsync(BuildContext context)
    {
        var folder = Path.Combine(context.Root, "artifacts", "packages");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await Dotnet.RunAsync(
            context.Root, ["pack", "src/Deployer/Deployer.csproj", "--configuration", "Release", "--nologo", "--verbosity", "quiet", "--output", folder], context.Cancellation);
        foreach (var package in Directory.EnumerateFiles(folder))
            context.Information("{0}", Path.GetRelativePath(context.Root, package));
    }
}
