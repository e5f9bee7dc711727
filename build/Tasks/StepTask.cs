using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

/// <summary>
/// A task of the lab. All of them share one parallel apply of what the run needs; each waits for, shows and answers for its own resources.
/// </summary>
public abstract class StepTask(Step step) : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => context.Deployment.ShowAsync(step);
}
