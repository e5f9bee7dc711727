using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Teardown")]
[TaskDescription("Removes everything that bears the deployment's mark; then the local cloud, when nothing else is on it.")]
public sealed class TeardownTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => context.Deployment.TeardownAsync();
}
