using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Verify")]
[TaskDescription("Proves that the deployment serves: from the API, from a machine inside the network, and from outside. Deploys nothing.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class VerifyTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => context.Deployment.VerifyAsync();
}
